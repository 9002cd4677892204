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
    public async Task A_password_that_is_changed_in_the_middle_of_a_read_is_tried_once_more_beside_what_was_on_the_way()
    {
        var host = new RefusingHost { Answers = 4 };
        await using var collector = Collector(host);

        await collector.ReadAsync(All(collector), Stop);

        Assert.InRange(host.Attempts, 2, 1 + new CollectorOptions().Parallel);
        Assert.True(collector.IsSignInRefused);
    }

    [Fact]
    public async Task One_refusal_between_answers_stops_nothing()
    {
        var host = new RefusingHost { Answers = 4, Refusals = 1 };
        await using var collector = Collector(host);

        await collector.ReadAsync(All(collector), Stop);

        Assert.Equal(1, host.Attempts);
        Assert.True(host.Asked > 20);
        Assert.False(collector.IsSignInRefused);
    }

    [Fact]
    public async Task The_rest_of_an_answer_is_refused_like_a_question()
    {
        await using var session = new HyperVDash.Agent.Targets.CautiousSession(new RefusingHost { Answers = 1, Rows = 1 });

        await Assert.ThrowsAsync<CimException>(async () =>
        {
            await foreach (var row in session.QueryAsync(new CimQuery("root/cimv2", "X"), Stop))
            {
            }
        });

        Assert.True(session.IsSpent);
        Assert.False(session.IsSignInRefused);
        await Assert.ThrowsAsync<CimException>(() => session.InvokeAsync(new CimCall("root/default", "StdRegProv", "EnumKey"), Stop));
        Assert.True(session.IsSignInRefused);
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
        Assert.Equal(kind == CimErrorKind.Unreachable, collector.IsUnreachable);
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
        private int _asked;
        private int _attempts;

        /// <summary>How often the account was refused.</summary>
        public int Attempts => _attempts;

        public int Asked => _asked;

        public uint? Code { get; init; }

        public CimErrorKind Kind { get; init; } = CimErrorKind.AccessDenied;

        /// <summary>How many questions are answered first, with <see cref="Rows"/> rows after which the rest is refused.</summary>
        public int Answers { get; init; }

        public int Rows { get; init; }

        /// <summary>After so many refusals it answers again.</summary>
        public int Refusals { get; init; } = int.MaxValue;

        public string Target => "hv01";

        public async IAsyncEnumerable<CimRow> QueryAsync(CimQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await AnswerAsync();
            for (int i = 0; i < Rows; i++)
            {
                yield return CimRow.Of(query.Class);
                await RefuseAsync();
            }
        }

        public async Task<CimReply> InvokeAsync(CimCall call, CancellationToken cancellationToken)
        {
            await AnswerAsync();
            return new CimReply(0, CimRow.Of(call.Class));
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private Task AnswerAsync() => Interlocked.Increment(ref _asked) <= Answers || _attempts >= Refusals ? Task.CompletedTask : RefuseAsync();

        private async Task RefuseAsync()
        {
            Interlocked.Increment(ref _attempts);
            // Long enough on its way for every parallel question to have been sent.
            await Task.Yield();
            throw new CimException(Kind, "hv01 refused the user 'u'.", Code);
        }
    }
}
