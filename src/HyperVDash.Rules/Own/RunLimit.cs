using System.Diagnostics;
using Jint;
using Jint.Runtime;

namespace HyperVDash.Rules.Own;

/// <summary>Ends a run of too many steps or too much time, and counts the steps of all runs. Until the first run begins, and between two, time does not count.</summary>
/// <param name="most">Steps of one run.</param>
/// <param name="longest">Time of one run.</param>
internal sealed class RunLimit(int most, TimeSpan longest) : Constraint
{
    private int _taken;
    private long _began;

    /// <summary>Steps of all runs.</summary>
    public int Sum { get; private set; }

    public void Begin() => _began = Stopwatch.GetTimestamp();

    public void End() => _began = 0;

    public override void Check()
    {
        Sum++;
        if (++_taken > most)
        {
            throw new StatementsCountOverflowException();
        }

        if (_began != 0 && Stopwatch.GetElapsedTime(_began) > longest)
        {
            throw new TimeoutException($"more than {longest.TotalMilliseconds:0} ms");
        }
    }

    public override void Reset() => _taken = 0;
}
