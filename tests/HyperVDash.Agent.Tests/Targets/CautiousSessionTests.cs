using System.Runtime.CompilerServices;
using HyperVDash.Agent.Collect;
using HyperVDash.Cim;
using HyperVDash.Model.Fleet;
using Microsoft.Extensions.Time.Testing;

namespace HyperVDash.Agent.Tests.Targets;

public sealed class CautiousSessionTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_wrong_password_is_tried_once_in_a_read_however_many_questions_it_has()
    {
        var host = new RefusingHost();
        await using var collector = Collector(host);

        var reading = await collector.ReadAsync(All(collector), Stop);

        Assert.Equal(1, host.Attempts);
        Assert.True(collector.IsSignInRefused);
        Assert.All(Tried(reading), s => Assert.Equal((s.Name, SectionState.Denied), (s.Name, s.Section.Attempt.State)));
        Assert.All(Tried(reading), s => Assert.Contains("refused the user", s.Section.Attempt.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_next_read_tries_again_once()
    {
        var host = new RefusingHost();
        await using var collector = Collector(host);
        await collector.ReadAsync(All(collector), Stop);

        await collector.ReadAsync(["services", "roles"], Stop);

        Assert.Equal(2, host.Attempts);
    }

    [Fact]
    public async Task A_missing_right_is_no_refused_sign_in_so_every_class_is_asked()
    {
        var host = new RefusingHost { Code = 0x80041003 };
        await using var collector = Collector(host);

        await collector.ReadAsync(All(collector), Stop);

        Assert.False(collector.IsSignInRefused);
        Assert.True(host.Attempts > 10);
    }

    [Theory]
    [InlineData(CimErrorKind.Timeout)]
    [InlineData(CimErrorKind.Unreachable)]
    public async Task A_host_that_says_nothing_twice_is_not_asked_the_rest_of_the_read(CimErrorKind kind)
    {
        var host = new RefusingHost { Kind = kind };
        await using var collector = Collector(host);

        var reading = await collector.ReadAsync(All(collector), Stop);

        Assert.Equal(2, host.Attempts);
        Assert.False(collector.IsSignInRefused);
        Assert.All(Tried(reading), s => Assert.Equal((s.Name, SectionState.Failed), (s.Name, s.Section.Attempt.State)));
    }

    [Theory]
    [InlineData(CimErrorKind.AccessDenied, null, true)]
    [InlineData(CimErrorKind.AccessDenied, 1326u, true)]
    [InlineData(CimErrorKind.AccessDenied, 0x8007052Eu, true)]
    [InlineData(CimErrorKind.AccessDenied, 0x80041003u, false)]
    [InlineData(CimErrorKind.AccessDenied, 0x80070005u, false)]
    [InlineData(CimErrorKind.Protocol, 1326u, false)]
    [InlineData(CimErrorKind.Unreachable, null, false)]
    public void Code_tells_a_refused_account_from_a_missing_right(CimErrorKind kind, uint? code, bool isSignIn) =>
        Assert.Equal(isSignIn, new CimException(kind, "…", code).IsSignIn);

    /// <summary>Without those that this release of the agent does not fill.</summary>
    private static NamedSection[] Tried(HostReading reading)
    {
        NamedSection[] tried = [.. reading.Sections().Where(s => s.Section.Attempt.State is not (SectionState.Pending or SectionState.Off))];
        Assert.True(tried.Length >= 13);
        return tried;
    }

    private static string[] All(HostCollector collector) => [.. collector.Current.Sections().Select(s => s.Name)];

    private static HostCollector Collector(RefusingHost host) =>
        new("hv01", "wsman", Origin.Host, "hv01", () => host, new CollectorOptions(), "t", new FakeTimeProvider());

    private sealed class RefusingHost : ICimSession
    {
        private int _attempts;

        public int Attempts => _attempts;

        public uint? Code { get; init; }

        public CimErrorKind Kind { get; init; } = CimErrorKind.AccessDenied;

        public string Target => "hv01";

        public async IAsyncEnumerable<CimRow> QueryAsync(CimQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await RefuseAsync();
            yield break;
        }

        public async Task<CimReply> InvokeAsync(CimCall call, CancellationToken cancellationToken)
        {
            await RefuseAsync();
            return null!;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private async Task RefuseAsync()
        {
            Interlocked.Increment(ref _attempts);
            // Long enough on its way for every parallel question to have been sent.
            await Task.Yield();
            throw new CimException(Kind, "hv01 refused the user 'u'.", Code);
        }
    }
}
