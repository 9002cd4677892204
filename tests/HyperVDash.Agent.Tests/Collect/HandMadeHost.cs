using HyperVDash.Agent.Collect;
using HyperVDash.Agent.Collect.Memory;
using HyperVDash.Cim.WsMan;
using HyperVDash.Lab.Faults;
using HyperVDash.Lab.Hosts;
using HyperVDash.Lab.Schema;
using HyperVDash.Lab.WsMan;
using HyperVDash.Model.Fleet;
using Microsoft.Extensions.Time.Testing;

namespace HyperVDash.Agent.Tests.Collect;

/// <summary>A host whose rows and registry a test writes itself, served over the real protocol and read by a real collector on a clock that stands.</summary>
internal sealed class HandMadeHost : IAsyncDisposable
{
    public const string Cimv2 = "root/cimv2";
    public const string V1 = "root/virtualization";
    public const string V2 = "root/virtualization/v2";

    private const long NotFound = 2;
    private const long Denied = 5;

    private readonly Dictionary<string, Dictionary<string, object>> _keys = new(StringComparer.OrdinalIgnoreCase);
    private readonly string _release;
    private LabServer? _server;
    private HostCollector? _collector;

    public HandMadeHost(string release, string build)
    {
        _release = release;
        Host = new LabHost("HAND", LabRelease.Get(release)) { WindowsVersion = $"10.0.{build}" };
        Key(@"SOFTWARE\Microsoft\Windows NT\CurrentVersion")["CurrentBuild"] = build;
        Key(@"SOFTWARE\Microsoft\Windows NT\CurrentVersion")["BuildLabEx"] = $"{build}.18000.amd64fre";
        foreach (string method in (string[])["GetStringValue", "GetDWORDValue", "GetMultiStringValue", "GetBinaryValue", "EnumKey"])
        {
            Host.Answer("StdRegProv", method, Answer);
        }

        Os = Add(Cimv2, new("Win32_OperatingSystem")
        {
            ["Name"] = "Windows", ["BuildNumber"] = build, ["SystemDrive"] = "C:", ["SystemDirectory"] = @"C:\Windows\System32", ["LastBootUpTime"] = Time.GetUtcNow().AddDays(-5),
            ["OperatingSystemSKU"] = 8, ["LocalDateTime"] = Time.GetUtcNow(),
        });
        string hyperV = Host.HasNamespace(V2) ? V2 : V1;
        Add(hyperV, new("Msvm_ComputerSystem") { ["Name"] = "HAND", ["CreationClassName"] = "Msvm_ComputerSystem" });
        Add(hyperV, new("Msvm_VirtualSystemManagementService")
        {
            ["Name"] = "vmms", ["CreationClassName"] = "Msvm_VirtualSystemManagementService", ["SystemCreationClassName"] = "Msvm_ComputerSystem", ["SystemName"] = "HAND",
        });
        if (hyperV == V2)
        {
            Add(V2, new("Msvm_ReplicationService") { ["Name"] = "vmms", ["CreationClassName"] = "Msvm_ReplicationService", ["SystemCreationClassName"] = "Msvm_ComputerSystem", ["SystemName"] = "HAND" });
        }
    }

    public LabHost Host { get; }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 24, 9, 20, 0, TimeSpan.Zero));

    public LabInstance Os { get; }

    public HostMemory Memory { get; init; } = HostMemory.Volatile();

    public LabFaults Faults => _server!.Faults;

    public LabRequestLog Log => _server!.Log;

    /// <summary>Keys that may not be read.</summary>
    public HashSet<string> DeniedKeys { get; } = new(StringComparer.OrdinalIgnoreCase);

    public LabInstance Add(string cimNamespace, LabInstance row)
    {
        Assert.NotNull(LabRelease.Get(_release).Find(cimNamespace, row.ClassName));
        Host.Change(h => h.Add(cimNamespace, row));
        return row;
    }

    public Dictionary<string, object> Key(string path) => _keys.TryGetValue(path, out var values) ? values : _keys[path] = new(StringComparer.OrdinalIgnoreCase);

    public void RemoveKey(string path) => _keys.Remove(path);

    public async Task<HostReading> ReadAsync(params string[] sections) => await (await CollectorAsync()).ReadAsync(sections, TestContext.Current.CancellationToken);

    public async Task<HostReading> ReadAllAsync() => await (await CollectorAsync()).ReadAllAsync(TestContext.Current.CancellationToken);

    private async Task<HostCollector> CollectorAsync()
    {
        _server ??= await LabServer.StartAsync([Host], new LabServerOptions(), TimeProvider.System, TestContext.Current.CancellationToken);
        return _collector ??= new HostCollector("HAND", "wsman", Origin.Lab, "HAND",
            () => new WsManSession(new WsManTarget(_server.Addresses[0].Url) { User = "lab", Password = "lab" }, Time), new CollectorOptions(), "t", Time, Memory);
    }

    private LabAnswer Answer(LabCall call)
    {
        string path = call.Text("sSubKeyName") ?? "";
        if (DeniedKeys.Contains(path))
        {
            return new LabAnswer(Denied);
        }

        if (call.Method == "EnumKey")
        {
            var names = _keys.Keys.Where(k => k.StartsWith(path + @"\", StringComparison.OrdinalIgnoreCase)).Select(k => k[(path.Length + 1)..].Split('\\')[0]).Distinct().ToArray();
            return names.Length > 0 || _keys.ContainsKey(path) ? new LabAnswer(0, ("sNames", names)) : new LabAnswer(NotFound);
        }

        object? value = _keys.GetValueOrDefault(path)?.GetValueOrDefault(call.Text("sValueName") ?? "");
        bool fits = value switch { string => call.Method == "GetStringValue", int => call.Method == "GetDWORDValue", byte[] => call.Method == "GetBinaryValue", string[] => call.Method == "GetMultiStringValue", _ => false };
        return fits ? new LabAnswer(0, (value is int or byte[] ? "uValue" : "sValue", value)) : new LabAnswer(NotFound);
    }

    public async ValueTask DisposeAsync()
    {
        if (_collector is not null)
        {
            await _collector.DisposeAsync();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
