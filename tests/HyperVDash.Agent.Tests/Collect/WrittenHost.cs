using HyperVDash.Agent.Collect;
using HyperVDash.Cim.Capture;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Agent.Tests.Collect;

/// <summary>A host whose answers a test writes down as text, in the form of a capture; what it does not write is not recorded.</summary>
internal static class WrittenHost
{
    public static async Task<HostReading> ReadAsync(params string[] answers)
    {
        string file = Path.Combine(Path.GetTempPath(), $"hypervdash-{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(file, $$"""{ "format": "hyperv-capture/1", "host": "WRITTEN", "capturedAt": "2026-11-23T08:00:00Z", "answers": [ {{string.Join(",\n", answers)}} ] }""", TestContext.Current.CancellationToken);
        try
        {
            await using var collector = new HostCollector("WRITTEN", "capture", Origin.Capture, file, () => new CaptureSession(CaptureFile.Open(file)), new CollectorOptions(), "t", TimeProvider.System);
            return await collector.ReadAsync(["virtualMachines", "devices", "checkpoints", "guests", "switches"], TestContext.Current.CancellationToken);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>The answer of one class of the newer Hyper-V namespace.</summary>
    public static string V2(string className, params string[] rows) => Answer("root/virtualization/v2", className, rows);

    /// <summary>The answer of one class of the older Hyper-V namespace.</summary>
    public static string V1(string className, params string[] rows) => Answer("root/virtualization", className, rows);

    private static string Answer(string cimNamespace, string className, string[] rows) =>
        $$"""{ "namespace": "{{cimNamespace}}", "class": "{{className}}", "instances": [ {{string.Join(",\n", rows)}} ] }""";
}
