using System.Globalization;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.Hosts;

namespace HyperVDash.Agent.Collect.Hosts;

/// <summary>The sockets of a host.</summary>
internal sealed class ProcessorReader() : SectionReader<ProcessorList>("processors", r => r.Processors, (r, s) => r with { Processors = s })
{
    private const int FirstBuildWithFeatures = 9200;

    public override IEnumerable<TableQuery> Queries(HostFacts host) => [Processors(host), Plan.Os];

    protected override SectionResult<ProcessorList> Read(SectionSources sources)
    {
        var processors = sources.Tables[Processors(sources.Host)];
        var os = sources.Tables[Plan.Os];
        return processors.Error is { } error
            ? SectionResult<ProcessorList>.Failed(error)
            : SectionResult<ProcessorList>.Read(new()
            {
                Items = [.. processors.Rows.Select(Processor).OrderBy(p => p.Socket.Length).ThenBy(p => p.Socket, StringComparer.OrdinalIgnoreCase)],
                HasDataExecutionPrevention = os.Rows.FirstOrDefault()?.Boolean("DataExecutionPrevention_Available"),
            }, [os.IsRead ? null : $"data execution prevention: {os.Error!.Message}"]);
    }

    // Never all columns: LoadPercentage makes the host measure for a second a socket. So the three that came with 2012 are asked only where they are.
    private static TableQuery Processors(HostFacts host) => new("root/cimv2", "Win32_Processor",
        [
            "DeviceID", "Name", "Caption", "Manufacturer", "NumberOfCores", "NumberOfLogicalProcessors", "MaxClockSpeed",
            .. host.Build is >= FirstBuildWithFeatures ? new[] { "VMMonitorModeExtensions", "SecondLevelAddressTranslationExtensions", "VirtualizationFirmwareEnabled" } : [],
        ])
    {
        Identity = "DeviceID",
        IsNeverEmpty = true,
        IsNeverWhole = true,
    };

    private static HostProcessor Processor(CimRow row)
    {
        string[] words = row.String("Caption")?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        return new(Text.Cut(row.String("DeviceID"))!)
        {
            Name = Text.Cut(row.String("Name")?.Trim()),
            Manufacturer = Text.Cut(row.String("Manufacturer")),
            Family = After("Family", words),
            Model = After("Model", words),
            Stepping = After("Stepping", words),
            Cores = row.Int32("NumberOfCores"),
            LogicalProcessors = row.Int32("NumberOfLogicalProcessors"),
            MegaHertz = row.Int32("MaxClockSpeed"),
            HasVirtualization = row.Boolean("VMMonitorModeExtensions"),
            HasSecondLevelTranslation = row.Boolean("SecondLevelAddressTranslationExtensions"),
            IsFirmwareVirtualizationOn = row.Boolean("VirtualizationFirmwareEnabled"),
        };
    }

    // "Intel64 Family 6 Model 85 Stepping 7": in English on every Windows.
    private static int? After(string word, string[] words) =>
        Array.IndexOf(words, word) is var at and >= 0 && at + 1 < words.Length && int.TryParse(words[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
