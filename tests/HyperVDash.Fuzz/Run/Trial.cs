using System.Diagnostics;
using HyperVDash.Fuzz.Targets;

namespace HyperVDash.Fuzz.Run;

/// <summary>What one input did.</summary>
/// <param name="Outcome">As the target says; null if it did harm.</param>
/// <param name="Harm">Signature and description of the harm; null if there was none.</param>
internal readonly record struct Trial(string? Outcome, long Bytes, TimeSpan Took, (string Signature, string What)? Harm)
{
    /// <summary>Gives the input to the target and judges what came of it.</summary>
    public static Trial Of(FuzzTarget target, byte[] input, FuzzSettings settings)
    {
        var trial = Once(target, input, settings);

        // The first of a kind pays for what is made once, and a collector or another program can stop any: what counts happens twice.
        return trial.Harm is { Signature: "allocates" or "slow" } ? Once(target, input, settings) : trial;
    }

    private static Trial Once(FuzzTarget target, byte[] input, FuzzSettings settings)
    {
        string? outcome = null;
        (string, string)? harm = null;
        long before = GC.GetAllocatedBytesForCurrentThread();
        var used = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        try
        {
            outcome = target.Read(input);
        }
        catch (Exception fault)
        {
            harm = ($"{fault.GetType().Name} {Place(fault)}", fault.ToString());
        }

        var took = Stopwatch.GetElapsedTime(start);
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        long allowed = target.FixedCost + (target.CostPerByte * input.Length);
        harm ??= bytes > allowed ? ("allocates", $"{bytes:N0} bytes were allocated for {input.Length:N0}; {allowed:N0} are allowed") : null;
        // On a machine that is busy with other things the time on the wall says nothing.
        harm ??= took > settings.SlowAfter && Environment.CpuUsage.TotalTime - used > settings.SlowAfter ? ("slow", $"{input.Length:N0} bytes took {took.TotalSeconds:0.0} s") : null;
        return new Trial(outcome, bytes, took, harm);
    }

    private static string Place(Exception fault)
    {
        var frames = new StackTrace(fault).GetFrames().Select(f => f.GetMethod()).Where(m => m?.DeclaringType?.FullName?.StartsWith("HyperVDash", StringComparison.Ordinal) == true);
        return fault is BrokenPromiseException ? fault.Message[..Math.Min(60, fault.Message.Length)] : frames.FirstOrDefault() is { } method ? $"{method.DeclaringType!.Name}.{method.Name}" : "";
    }
}
