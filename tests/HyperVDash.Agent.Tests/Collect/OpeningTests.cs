using System.Runtime.CompilerServices;
using HyperVDash.Agent.Collect;
using HyperVDash.Agent.Targets;
using HyperVDash.Cim;
using HyperVDash.Model.Fleet;
using Microsoft.Extensions.Time.Testing;

namespace HyperVDash.Agent.Tests.Collect;

/// <summary>The way to a host: what happens when it cannot be opened, and when it is opened anew.</summary>
public sealed class OpeningTests
{
    private static readonly string[] Wanted = ["operatingSystem", "virtualMachines", "performance"];

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_way_that_cannot_be_opened_fails_the_wanted_sections_with_its_sentence_until_it_can()
    {
        bool isReadable = false;
        await using var collector = Collector(() => isReadable ? new ScriptedHost() : throw new UnauthorizedAccessException("Access to the path '/run/password' is denied."));

        var first = await collector.ReadAsync(Wanted, Stop);
        var second = await collector.ReadAsync(Wanted, Stop);
        isReadable = true;
        var third = await collector.ReadAsync(Wanted, Stop);

        Assert.All(Wanted, name => Assert.Equal(
            (SectionState.Failed, "hv01 could not be asked: Access to the path '/run/password' is denied."), (Of(first, name).Attempt.State, Of(first, name).Attempt.Reason)));
        Assert.Equal(SectionState.Pending, first.Roles.Attempt.State);
        Assert.Equal(_time.GetUtcNow(), first.OperatingSystem.Attempt.At);
        Assert.NotEqual("t-0", first.Revision);
        Assert.Equal(first.Revision, second.Revision);
        Assert.True(third.OperatingSystem.HasContent());
    }

    [Fact]
    public async Task An_exception_that_no_door_promised_fails_the_read_and_not_the_next()
    {
        int opened = 0;
        await using var collector = Collector(() => new ScriptedHost { Fault = opened++ == 0 ? new InvalidCastException("a string was expected") : null });

        var first = await collector.ReadAsync(Wanted, Stop);
        var second = await collector.ReadAsync(Wanted, Stop);

        Assert.Equal((SectionState.Failed, "hv01 could not be asked: a string was expected"), (first.VirtualMachines.Attempt.State, first.VirtualMachines.Attempt.Reason));
        Assert.True(second.OperatingSystem.HasContent());
    }

    [Theory]
    [InlineData("wsman", CimErrorKind.AccessDenied, 2)]
    [InlineData("mmi", CimErrorKind.AccessDenied, 2)]
    [InlineData("mmi", CimErrorKind.Unreachable, 2)]
    [InlineData("dcom", CimErrorKind.Unreachable, 2)]
    [InlineData("wsman", CimErrorKind.Unreachable, 1)]
    public async Task A_session_that_led_nowhere_is_closed_and_opened_anew_by_the_next_read(string door, CimErrorKind kind, int expected)
    {
        var opened = new List<ScriptedHost>();
        await using var collector = Collector(
            () =>
            {
                opened.Add(new ScriptedHost { Fault = new CimException(kind, "no") });
                return opened[^1];
            },
            door);

        await collector.ReadAsync(Wanted, Stop);
        bool wasRefused = collector.IsSignInRefused;
        await collector.ReadAsync(Wanted, Stop);

        Assert.Equal(expected, opened.Count);
        Assert.Equal(kind == CimErrorKind.AccessDenied, wasRefused);
        Assert.Equal(expected == 2, opened[0].IsDisposed);
    }

    [Fact]
    public async Task A_host_that_restarted_is_asked_anew_what_it_is()
    {
        var host = new ScriptedHost();
        await using var collector = Collector(() => host);
        await collector.ReadAsync(Wanted, Stop);
        // Windows computes its start from a clock that is set now and then.
        host.BootedAt += TimeSpan.FromSeconds(2);
        await collector.ReadAsync(Wanted, Stop);
        await collector.ReadAsync(Wanted, Stop);
        Assert.Equal((1, 1), (host.BuildQuestions, host.RoleQuestions));

        host.BootedAt += TimeSpan.FromDays(3);
        await collector.ReadAsync(Wanted, Stop);
        await collector.ReadAsync(Wanted, Stop);

        Assert.Equal((2, 2), (host.BuildQuestions, host.RoleQuestions));
    }

    [Fact]
    public async Task A_damaged_capture_file_is_a_host_that_cannot_be_read()
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "{ nonsense", Stop);
        await using var collector = TargetSessions.Collector(new TargetOptions { Key = "hv01", Door = "capture", File = file }, "t", _time);

        var reading = await collector.ReadAsync(Wanted, Stop);
        File.Delete(file);

        Assert.Equal(SectionState.Failed, reading.VirtualMachines.Attempt.State);
        Assert.StartsWith(file, reading.VirtualMachines.Attempt.Reason, StringComparison.Ordinal);
    }

    private static Section Of(HostReading reading, string name) => SectionLens.Find(name)!.Get(reading);

    private HostCollector Collector(Func<ICimSession> open, string door = "wsman") => new("hv01", door, Origin.Host, "hv01", open, new CollectorOptions(), "t", _time);

    private sealed class ScriptedHost : ICimSession
    {
        public Exception? Fault { get; init; }

        public DateTimeOffset BootedAt { get; set; } = new(2026, 2, 1, 8, 0, 0, TimeSpan.Zero);

        public int BuildQuestions { get; private set; }

        /// <summary>About a class that the host has not, with all columns: the last that is tried.</summary>
        public int RoleQuestions { get; private set; }

        public bool IsDisposed { get; private set; }

        public string Target => "hv01";

        public async IAsyncEnumerable<CimRow> QueryAsync(CimQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Yield();
            if (Fault is not null)
            {
                throw Fault;
            }

            RoleQuestions += query is { Namespace: "root/virtualization/v2", Class: "Msvm_ComputerSystem", Columns: [] } ? 1 : 0;
            yield return query.Class == "Win32_OperatingSystem"
                ? CimRow.Of("Win32_OperatingSystem", ("BuildNumber", "20348"), ("LastBootUpTime", BootedAt))
                : throw new CimException(CimErrorKind.NoSuchClassOrProperty, "no such class", 0x80041010);
        }

        public async Task<CimReply> InvokeAsync(CimCall call, CancellationToken cancellationToken)
        {
            await Task.Yield();
            if (Fault is not null)
            {
                throw Fault;
            }

            bool isBuild = call.Arguments.Any(a => a.Value is "CurrentBuild");
            BuildQuestions += isBuild ? 1 : 0;
            return new CimReply(isBuild ? 0 : 2, CimRow.Of("", ("sValue", isBuild ? "20348" : null)));
        }

        public ValueTask DisposeAsync()
        {
            IsDisposed = true;
            return ValueTask.CompletedTask;
        }
    }
}
