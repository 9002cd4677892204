using HyperVDash.Cim.WsMan;
using Microsoft.Extensions.Time.Testing;

namespace HyperVDash.Cim.Tests.WsMan;

/// <summary>What is asked again, how often, and how many at a time.</summary>
public sealed class RetryTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(3, true)]
    [InlineData(4, false)]
    public async Task A_host_with_too_many_questions_is_asked_four_times_with_growing_waits(int faults, bool answers)
    {
        await using var host = await PaperHost.OfAsync([.. Enumerable.Repeat(Fault(0x803381A6), faults), new PaperAnswer(Envelopes.Items(Vm))]);
        await using var session = new WsManSession(new WsManTarget(host.Url) { User = "reader", Password = "geheim" }, _time);
        var started = _time.GetUtcNow();

        var asking = CountAsync(session);
        while (!asking.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(0.5));
            await Task.Delay(10, Stop);
        }

        Assert.Equal(answers ? "1" : "Protocol 0x803381A6", await asking);
        Assert.Equal(4, host.Requests.Count);
        Assert.True(_time.GetUtcNow() - started >= TimeSpan.FromSeconds(0.7 * (2 + 4 + 8)));
    }

    [Theory]
    [InlineData(0x8033801B)]
    [InlineData(0x80338007)]
    [InlineData(0x80338084)]
    public async Task A_host_that_lost_the_place_is_asked_from_the_start_once(uint code)
    {
        await using var host = await PaperHost.OfAsync([new(Envelopes.Started("uuid:A")), Fault(code), new(Envelopes.Of("")), new(Envelopes.Items(Vm))]);
        await using var session = host.Open();

        Assert.Equal("1", await CountAsync(session));
        Assert.Equal(["Enumerate", "Pull", "Release", "Enumerate"], host.Requests.Select(Operation));
    }

    [Fact]
    public async Task A_place_lost_after_rows_were_given_is_an_error_and_no_second_list()
    {
        await using var host = await PaperHost.OfAsync([new(Envelopes.Started("uuid:A")), new(Envelopes.Pulled(Vm, "uuid:B")), Fault(0x8033801B)]);
        await using var session = host.Open();

        Assert.Equal("Protocol 0x8033801B", await CountAsync(session));
    }

    [Fact]
    public async Task A_batch_that_fits_no_envelope_is_asked_for_one_by_one()
    {
        await using var host = await PaperHost.OfAsync([Fault(0x80338048), new(Envelopes.Items(Vm))]);
        await using var session = host.Open();

        Assert.Equal("1", await CountAsync(session));
        Assert.Contains("MaxElements>1000<", host.Requests[0], StringComparison.Ordinal);
        Assert.Contains("MaxElements>1<", host.Requests[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_quota_fault_half_as_many_questions_run_for_ten_minutes()
    {
        var room = new QuestionRoom(_time);
        for (int i = 0; i < 4; i++)
        {
            await room.EnterAsync(Stop);
        }

        room.Halve();
        var fifth = room.EnterAsync(Stop);
        room.Leave();
        room.Leave();
        Assert.False(fifth.IsCompleted);
        room.Leave();
        await fifth;

        _time.Advance(QuestionRoom.Pause);
        Assert.True(Enumerable.Range(0, 8).Select(_ => room.EnterAsync(Stop)).All(entered => entered.IsCompletedSuccessfully));
    }

    [Fact]
    public async Task Questions_refused_in_the_same_moment_halve_the_number_once()
    {
        var room = new QuestionRoom(_time);
        for (int i = 0; i < 8; i++)
        {
            await room.EnterAsync(Stop);
        }

        for (int i = 0; i < 8; i++)
        {
            room.Halve();
        }

        for (int i = 0; i < 5; i++)
        {
            room.Leave();
        }

        Assert.True(room.EnterAsync(Stop).IsCompletedSuccessfully);
        _time.Advance(TimeSpan.FromSeconds(2));
        room.Halve();
        room.Leave();
        Assert.False(room.EnterAsync(Stop).IsCompleted);
    }

    [Fact]
    public async Task A_question_inside_another_waits_no_longer_than_half_a_minute_for_it()
    {
        var room = new QuestionRoom(_time);
        await room.EnterAsync(Stop);
        room.Halve();
        var inner = room.EnterAsync(Stop);
        Assert.False(inner.IsCompleted);

        _time.Advance(TimeSpan.FromSeconds(30));

        await inner;
    }

    private static string Vm => Envelopes.Instance("Msvm_ComputerSystem", "<p:Name>1</p:Name>");

    private static PaperAnswer Fault(uint code) =>
        new(Envelopes.Fault("w:InternalError", "?", $"""<f:WSManFault xmlns:f="http://schemas.microsoft.com/wbem/wsman/1/wsmanfault" Code="{code}"/>""")) { Status = 500 };

    private static string Operation(string request) =>
        new[] { "Enumerate", "Pull", "Release" }.Single(o => request.Contains($"/{o}<", StringComparison.Ordinal));

    private static async Task<string> CountAsync(WsManSession session)
    {
        int count = 0;
        try
        {
            await foreach (var row in session.QueryAsync(new CimQuery("root/virtualization/v2", "Msvm_ComputerSystem"), Stop))
            {
                count++;
            }

            return $"{count}";
        }
        catch (CimException error)
        {
            return $"{error.Kind} 0x{error.Code:X8}";
        }
    }
}
