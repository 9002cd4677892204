using HyperVDash.Agent.Collect.Memory;
using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Hosts;

namespace HyperVDash.Agent.Collect.Hosts;

/// <summary>The marks of a restart that Windows waits for. They are keys; looking for values of these names finds nothing, ever.</summary>
internal sealed class PendingRestartReader() : SectionReader<PendingRestart>("pendingRestart", r => r.PendingRestart, (r, s) => r with { PendingRestart = s })
{
    private const string Remembered = "restart/";

    private static readonly RegistryValue ComponentServicing = RegistryValue.Keys(@"SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending");
    private static readonly RegistryValue WindowsUpdate = RegistryValue.Keys(@"SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired");
    private static readonly RegistryValue ActiveName = RegistryValue.Text(@"SYSTEM\CurrentControlSet\Control\ComputerName\ActiveComputerName", "ComputerName");
    private static readonly RegistryValue FileRenames = RegistryValue.Texts(@"SYSTEM\CurrentControlSet\Control\Session Manager", "PendingFileRenameOperations");

    public override IEnumerable<RegistryValue> Values(HostFacts host) => [ComponentServicing, WindowsUpdate, RegistryValue.ComputerName, ActiveName, FileRenames];

    public override IEnumerable<TableQuery> Queries(HostFacts host) => [Plan.Os];

    protected override SectionResult<PendingRestart> Read(SectionSources sources)
    {
        var tables = sources.Tables;
        RegistryValue[] all = [.. Values(sources.Host)];
        if (all.All(v => v.ErrorOf(tables) is not null))
        {
            // Every Windows has a registry: that it cannot be asked is never for lack of one.
            return SectionResult<PendingRestart>.Without(
                tables.Call(all[0].Key).Error is { Kind: not CimErrorKind.AccessDenied } ? SectionState.Failed : SectionState.Denied, all[0].ErrorOf(tables)!);
        }

        (RestartReason Reason, bool? IsSet, string Source)[] marks =
        [
            (RestartReason.ComponentServicing, ComponentServicing.Exists(tables), Name(ComponentServicing)),
            (RestartReason.WindowsUpdate, WindowsUpdate.Exists(tables), Name(WindowsUpdate)),
            (RestartReason.ComputerRename, IsRenamed(tables), Name(ActiveName)),
            (RestartReason.FileRename, HasFileRenames(tables), Name(FileRenames)),
        ];
        var bootedAt = tables[Plan.Os].Rows.FirstOrDefault()?.DateTime("LastBootUpTime");
        sources.Memory.KeepOnly(Remembered, marks.Where(m => m.IsSet is not false).Select(m => Key(m.Reason)).ToHashSet(StringComparer.OrdinalIgnoreCase));
        return SectionResult<PendingRestart>.Read(new()
        {
            Marks = [.. marks.Where(m => m.IsSet == true).Select(m => new RestartMark(m.Reason, FirstSeen(sources.Memory, m.Reason, bootedAt, sources.Host.Now)) { Source = m.Source })],
        }, all.Select(v => v.ErrorOf(tables) is { } why ? $"{v.SubKey}: {why}" : null));
    }

    /// <summary>A mark that is older than the last start asks for another restart: the one it asked for has happened.</summary>
    private static DateTimeOffset FirstSeen(HostMemory memory, RestartReason reason, DateTimeOffset? bootedAt, DateTimeOffset now)
    {
        var since = memory.Since(Key(reason), "set", now);
        if (bootedAt is { } boot && since < boot && boot <= now)
        {
            memory.Note(Key(reason), "set", now);
            return now;
        }

        return since;
    }

    private static bool? IsRenamed(TableSet tables) =>
        RegistryValue.ComputerName.TextOf(tables) is { } wanted && ActiveName.TextOf(tables) is { } active ? !wanted.Equals(active, StringComparison.OrdinalIgnoreCase) : null;

    private static bool? HasFileRenames(TableSet tables) => FileRenames.Exists(tables) is true ? FileRenames.TextsOf(tables)?.Any(t => t.Length > 0) : FileRenames.Exists(tables);

    private static string Key(RestartReason reason) => $"{Remembered}{reason}";

    private static string Name(RegistryValue value) => value.Name.Length == 0 ? $@"HKLM\{value.SubKey}" : $@"HKLM\{value.SubKey}\{value.Name}";
}
