using Jint;
using Jint.Runtime;

namespace HyperVDash.Rules.Own;

/// <summary>Ends a run of too many steps, and counts those of all runs.</summary>
/// <param name="most">Of one run.</param>
internal sealed class StepLimit(int most) : Constraint
{
    private int _taken;

    /// <summary>Of all runs.</summary>
    public int Sum { get; private set; }

    public override void Check()
    {
        Sum++;
        if (++_taken > most)
        {
            throw new StatementsCountOverflowException();
        }
    }

    public override void Reset() => _taken = 0;
}
