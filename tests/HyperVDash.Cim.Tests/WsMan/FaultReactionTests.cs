using System.Text.RegularExpressions;
using HyperVDash.Cim.WsMan;
using Microsoft.Extensions.Time.Testing;

namespace HyperVDash.Cim.Tests.WsMan;

/// <summary>Each fault that hosts are known to answer with: how often it is asked again, what is changed, how long is waited, and how it ends if nothing helps.</summary>
public sealed partial class FaultReactionTests
{
    private static readonly CimQuery Systems = new("root/virtualization/v2", "Msvm_ComputerSystem");

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Fault, what goes over the wire if it is answered each time, how it ends, and seconds of waiting at least.</summary>
    public static TheoryData<string, string, CimErrorKind, double> Table()
    {
        var table = new TheoryData<string, string, CimErrorKind, double>();
        void Add(string what, CimErrorKind end, double seconds, params string[] faults)
        {
            foreach (string fault in faults)
            {
                table.Add(fault, what, end, seconds);
            }
        }

        // A mistake of ours does not get better by being repeated.
        Add("Enumerate", CimErrorKind.Protocol, 0,
            "8033800F", "80338011", "80338010", "80338013", "80338041", "80338042", "8033803B", "8033803D", "8033805A", "8033805B", "8033805C", "8033805D", "8033805E", "8033805F",
            "80338107", "80338108", "80338137", "8033813B", "803380FA", "803380FB", "80041005", "80041008");

        // What the release lacks, it lacks; a query cut to columns is asked whole by whoever knows the columns.
        Add("Enumerate", CimErrorKind.NoSuchNamespace, 0, "8004100E");
        Add("Enumerate", CimErrorKind.NoSuchClassOrProperty, 0, "80041010", "80041024", "80338000", "8033801A", "80041017");

        Add("Enumerate", CimErrorKind.AccessDenied, 0, "5", "80338104", "80338105", "80338106", "80041003", "80070005", "HTTP 401", "HTTP 403");

        Add("Enumerate Enumerate Enumerate Enumerate", CimErrorKind.Protocol, 0.7 * (2 + 4 + 8),
            "803381A6", "803381A7", "803381A8", "803381E5", "803381E7", "803381E8", "8033803F", "80041045", "8004106C", "w:QuotaLimit");
        Add("Enumerate Enumerate Enumerate Enumerate", CimErrorKind.Unreachable, 0.7 * (2 + 4 + 8), "HTTP 503");

        Add("Enumerate Enumerate", CimErrorKind.Timeout, 0, "80338029", "8033801C", "n:TimedOut", "w:TimedOut");
        Add("Enumerate Enumerate", CimErrorKind.Protocol, 0, "80338007", "8033801B", "80338084", "n:InvalidEnumerationContext");
        Add("Enumerate Enumerate:1", CimErrorKind.Protocol, 0, "80338026", "80338035", "80338047", "80338048", "80338049", "w:EncodingLimit", "HTTP 413");
        return table;
    }

    [Theory]
    [MemberData(nameof(Table))]
    public async Task A_first_question_that_fails_each_time(string fault, string conversation, CimErrorKind end, double seconds)
    {
        await using var host = await PaperHost.OfAsync(Enumerable.Repeat(Answer(fault), 6));
        await using var session = host.Open(_time);

        var (kind, waited) = await EndOfAsync(() => RowsAsync(session), mayWait: seconds > 0);

        Assert.Equal(end, kind);
        Assert.Equal(conversation, Conversation(host));
        Assert.InRange(waited.TotalSeconds, seconds, 1.3 / 0.7 * seconds + 5);
    }

    /// <summary>The same in the middle of an enumeration, before any row came.</summary>
    [Theory]
    [InlineData("80338029", "Enumerate Pull Pull Pull Pull Release", CimErrorKind.Timeout)]
    [InlineData("n:TimedOut", "Enumerate Pull Pull Pull Pull Release", CimErrorKind.Timeout)]
    [InlineData("8033801B", "Enumerate Pull Release Enumerate", CimErrorKind.Protocol)]
    [InlineData("803381A6", "Enumerate Pull Release Enumerate Enumerate Enumerate Enumerate", CimErrorKind.Protocol)]
    [InlineData("HTTP 503", "Enumerate Pull Release Enumerate Enumerate Enumerate Enumerate", CimErrorKind.Unreachable)]
    [InlineData("80338048", "Enumerate Pull Release Enumerate:1", CimErrorKind.Protocol)]
    [InlineData("80041003", "Enumerate Pull Release", CimErrorKind.AccessDenied)]
    [InlineData("80041001", "Enumerate Pull Release", CimErrorKind.Protocol)]
    public async Task A_batch_that_fails_each_time(string fault, string conversation, CimErrorKind end)
    {
        await using var host = await PaperHost.OfAsync([new(Envelopes.Started("uuid:A")), .. Enumerable.Repeat(Answer(fault), 8)]);
        await using var session = host.Open(_time);

        var (kind, _) = await EndOfAsync(() => RowsAsync(session));

        Assert.Equal(end, kind);
        Assert.Equal(conversation, Conversation(host));
        Assert.All(host.Requests.Where(r => Operation(r) == "Pull"), r => Assert.Contains("uuid:A", r, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("80338029", 2, CimErrorKind.Timeout)]
    [InlineData("803381A6", 4, CimErrorKind.Protocol)]
    [InlineData("HTTP 503", 4, CimErrorKind.Unreachable)]
    [InlineData("80041003", 1, CimErrorKind.AccessDenied)]
    [InlineData("80041008", 1, CimErrorKind.Protocol)]
    [InlineData("8004102E", 1, CimErrorKind.NoSuchClassOrProperty)]
    public async Task A_method_that_fails_each_time(string fault, int requests, CimErrorKind end)
    {
        await using var host = await PaperHost.OfAsync(Enumerable.Repeat(Answer(fault), 6));
        await using var session = host.Open(_time);

        var (kind, _) = await EndOfAsync(() => session.InvokeAsync(new CimCall("root/default", "StdRegProv", "GetStringValue"), Stop));

        Assert.Equal(end, kind);
        Assert.Equal(requests, host.Requests.Count);
    }

    [Fact]
    public async Task A_connection_that_the_host_closed_is_made_anew_once_and_at_once()
    {
        await using var host = await PaperHost.OfAsync([Answer("row"), new("") { IsBroken = true }, Answer("row"), new("") { IsBroken = true }, new("") { IsBroken = true }, Answer("row")]);
        await using var session = host.Open(_time);

        Assert.Equal(1, await RowsAsync(session));
        Assert.Equal(1, await RowsAsync(session));
        Assert.Equal(CimErrorKind.Unreachable, (await Assert.ThrowsAsync<CimException>(() => RowsAsync(session))).Kind);
        Assert.Equal(5, host.Requests.Count);
    }

    [Fact]
    public async Task A_host_that_never_answered_is_left_alone_when_it_closes_the_connection()
    {
        await using var host = await PaperHost.OfAsync([new("") { IsBroken = true }, Answer("row")]);
        await using var session = host.Open(_time);

        Assert.Equal(CimErrorKind.Unreachable, (await Assert.ThrowsAsync<CimException>(() => RowsAsync(session))).Kind);
        Assert.Single(host.Requests);
    }

    private async Task<(CimErrorKind Kind, TimeSpan Waited)> EndOfAsync(Func<Task> ask, bool mayWait = true)
    {
        var started = _time.GetUtcNow();
        var asking = ask();
        if (!mayWait)
        {
            // The clock stands still: whatever waited for it would not end.
            await Task.WhenAny(asking, Task.Delay(TimeSpan.FromSeconds(30), Stop));
            Assert.True(asking.IsCompleted, "It waited before it asked again, or gave up.");
        }

        // Nothing moves the clock but this, once the answers have come; half a second at a time, so that no wait is passed over.
        while (await Task.WhenAny(asking, Task.Delay(25, Stop)) != asking)
        {
            _time.Advance(TimeSpan.FromSeconds(0.5));
        }

        return ((await Assert.ThrowsAsync<CimException>(() => asking)).Kind, _time.GetUtcNow() - started);
    }

    private static async Task<int> RowsAsync(WsManSession session)
    {
        int count = 0;
        await foreach (var row in session.QueryAsync(Systems, Stop))
        {
            count++;
        }

        return count;
    }

    private static PaperAnswer Answer(string fault) => fault switch
    {
        "row" => new(Envelopes.Items(Envelopes.Instance("Msvm_ComputerSystem", "<p:Name>1</p:Name>"))),
        ['H', 'T', 'T', 'P', ' ', .. var status] => new("") { Status = int.Parse(status, System.Globalization.CultureInfo.InvariantCulture), Headers = status == "401" ? new() { ["WWW-Authenticate"] = "Basic realm=\"WSMAN\"" } : [] },
        [_, ':', ..] => new(Envelopes.Fault(fault, "?")) { Status = 500 },
        ['8', '0', '0', ..] => new(Envelopes.Fault("w:InternalError", $"HRESULT 0x{fault}")) { Status = 500 },
        _ => new(Envelopes.Fault("w:InternalError", "?", $"""<f:WSManFault xmlns:f="http://schemas.microsoft.com/wbem/wsman/1/wsmanfault" Code="{Convert.ToUInt32(fault, 16)}"/>""")) { Status = 500 },
    };

    private static string Conversation(PaperHost host) =>
        string.Join(' ', host.Requests.Select(r => Operation(r) + (Operation(r) == "Enumerate" && MaxElements().Match(r).Groups[1].Value == "1" ? ":1" : "")));

    private static string Operation(string request) => new[] { "Enumerate", "Pull", "Release" }.Single(o => request.Contains($"/{o}<", StringComparison.Ordinal));

    [GeneratedRegex("MaxElements>([0-9]+)<")]
    private static partial Regex MaxElements();
}
