using System.Diagnostics;

namespace HyperVDash.Benchmarks;

/// <summary>What a part of an agent's life took.</summary>
/// <param name="Minutes">How long, if that was not up to the agent.</param>
/// <param name="CpuMs">Processor time, all threads.</param>
/// <param name="PeakMb">The most memory the process has had at once since it began, as the system counts it.</param>
/// <param name="HeapMb">What was alive at the end.</param>
internal sealed record Phase(string Name, double Minutes, double WallMs, double CpuMs, double PeakMb, double HeapMb)
{
    public static double PeakOfThisProcess
    {
        get
        {
            using var process = Process.GetCurrentProcess();
            return process.PeakWorkingSet64 / (double)(1 << 20);
        }
    }
}

/// <summary>A bare XmlReader over the answers of a phase, and a bare HTTP client that fetches them again.</summary>
internal sealed record Walk
{
    public int Requests { get; init; }

    public long Bytes { get; init; }

    public double CpuMs { get; init; }

    public double PeakMb { get; init; }

    /// <summary>Processor time of the HTTP client.</summary>
    public double HttpCpuMs { get; init; }
}
