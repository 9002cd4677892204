using HyperVDash.Agent.Collect.Memory;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Hosts;

namespace HyperVDash.Agent.Tests.Collect.Hosts;

public sealed class PendingRestartTests
{
    private const string Windows = @"SOFTWARE\Microsoft\Windows\CurrentVersion";
    private const string Servicing = $@"{Windows}\Component Based Servicing\RebootPending";
    private const string Names = @"SYSTEM\CurrentControlSet\Control\ComputerName";
    private const string Session = @"SYSTEM\CurrentControlSet\Control\Session Manager";

    private static HandMadeHost Host(HostMemory? memory = null)
    {
        var host = new HandMadeHost("2022", "20348") { Memory = memory ?? HostMemory.Volatile() };
        host.Key($@"{Names}\ComputerName")["ComputerName"] = "HAND";
        host.Key($@"{Names}\ActiveComputerName")["ComputerName"] = "HAND";
        return host;
    }

    private static IEnumerable<(RestartReason, DateTimeOffset)> Marks(HostReading reading) => reading.PendingRestart.Content!.Marks.Select(m => (m.Reason, m.FirstSeenAt));

    [Fact]
    public async Task Values_of_these_names_are_no_marks()
    {
        await using var host = Host();
        host.Key($@"{Windows}\Component Based Servicing")["RebootPending"] = 1;
        host.Key($@"{Windows}\WindowsUpdate\Auto Update")["RebootRequired"] = 1;

        var reading = await host.ReadAsync("pendingRestart");

        Assert.Equal(SectionState.Complete, reading.PendingRestart.Attempt.State);
        Assert.Empty(reading.PendingRestart.Content!.Marks);
    }

    [Fact]
    public async Task Keys_a_new_name_and_files_to_rename_are_marks()
    {
        await using var host = Host();
        host.Key(Servicing);
        host.Key($@"{Windows}\WindowsUpdate\Auto Update\RebootRequired");
        host.Key($@"{Names}\ComputerName")["ComputerName"] = "HAND2";
        host.Key(Session)["PendingFileRenameOperations"] = (string[])[@"\??\C:\a.tmp", ""];

        var reading = await host.ReadAsync("pendingRestart");

        Assert.Equal([RestartReason.ComponentServicing, RestartReason.WindowsUpdate, RestartReason.ComputerRename, RestartReason.FileRename], Marks(reading).Select(m => m.Item1));
        Assert.Equal($@"HKLM\{Servicing}", reading.PendingRestart.Content!.Marks[0].Source);
    }

    [Fact]
    public async Task A_list_of_renames_without_a_file_is_no_mark()
    {
        await using var host = Host();
        host.Key(Session)["PendingFileRenameOperations"] = (string[])["", ""];

        Assert.Empty((await host.ReadAsync("pendingRestart")).PendingRestart.Content!.Marks);
    }

    [Fact]
    public async Task A_mark_is_as_old_as_the_agent_saw_it_even_if_the_agent_restarts_and_new_when_it_comes_again()
    {
        string file = Path.Combine(Path.GetTempPath(), $"hypervdash-memory-{Guid.NewGuid():N}.json");
        var memory = HostMemory.Open(file);
        await using var host = Host(memory);
        host.Key(Servicing);
        var start = host.Time.GetUtcNow();
        var first = await host.ReadAsync("pendingRestart");
        host.Time.Advance(TimeSpan.FromHours(30));
        var later = await host.ReadAsync("pendingRestart");
        memory.Save();
        Assert.Equal([(RestartReason.ComponentServicing, start)], Marks(first));
        Assert.Equal(Marks(first), Marks(later));
        Assert.Equal(first.Revision, later.Revision);

        await using var again = Host(HostMemory.Open(file));
        again.Key(Servicing);
        again.Time.Advance(TimeSpan.FromHours(40));
        Assert.Equal([(RestartReason.ComponentServicing, start)], Marks(await again.ReadAsync("pendingRestart")));

        again.RemoveKey(Servicing);
        Assert.Empty(Marks(await again.ReadAsync("pendingRestart")));
        again.Key(Servicing);
        Assert.Equal([(RestartReason.ComponentServicing, again.Time.GetUtcNow())], Marks(await again.ReadAsync("pendingRestart")));
        File.Delete(file);
    }

    [Fact]
    public async Task A_restart_in_between_begins_a_mark_anew()
    {
        await using var host = Host();
        host.Key(Servicing);
        await host.ReadAsync("pendingRestart");
        host.Time.Advance(TimeSpan.FromHours(2));
        host.Os["LastBootUpTime"] = host.Time.GetUtcNow().AddMinutes(-5);

        var after = await host.ReadAsync("pendingRestart");

        Assert.Equal([(RestartReason.ComponentServicing, host.Time.GetUtcNow())], Marks(after));
    }

    [Fact]
    public async Task A_key_that_may_not_be_read_is_said_and_does_not_forget_a_mark()
    {
        await using var host = Host();
        host.Key(Servicing);
        var first = await host.ReadAsync("pendingRestart");
        host.DeniedKeys.Add(Servicing);
        host.Time.Advance(TimeSpan.FromHours(1));

        var denied = await host.ReadAsync("pendingRestart");
        host.DeniedKeys.Clear();
        var after = await host.ReadAsync("pendingRestart");

        Assert.Equal(SectionState.Partial, denied.PendingRestart.Attempt.State);
        Assert.Contains("RebootPending", denied.PendingRestart.Attempt.Reason, StringComparison.Ordinal);
        Assert.Equal(Marks(first), Marks(after));
    }

    [Fact]
    public async Task Without_the_right_to_read_the_registry_nothing_is_said_to_be_fine()
    {
        await using var host = Host();
        host.DeniedKeys.UnionWith([Servicing, $@"{Windows}\WindowsUpdate\Auto Update\RebootRequired", $@"{Names}\ComputerName", $@"{Names}\ActiveComputerName", Session]);

        var reading = await host.ReadAsync("pendingRestart");

        Assert.Equal(SectionState.Denied, reading.PendingRestart.Attempt.State);
        Assert.Null(reading.PendingRestart.Content);
    }
}
