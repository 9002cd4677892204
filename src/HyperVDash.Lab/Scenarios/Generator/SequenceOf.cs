using HyperVDash.Lab.Scenarios.Description;

namespace HyperVDash.Lab.Scenarios.Generator;

/// <summary>Numbers that look random and follow from a text alone, on every machine and release of .NET.</summary>
internal sealed class SequenceOf(string seed)
{
    private ulong _state = BitConverter.ToUInt64(Ids.Of(seed).ToByteArray());

    /// <summary>From 0 to below the bound (SplitMix64).</summary>
    public int Below(int bound)
    {
        _state += 0x9E3779B97F4A7C15;
        ulong mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return (int)((mixed ^ (mixed >> 31)) % (ulong)bound);
    }
}
