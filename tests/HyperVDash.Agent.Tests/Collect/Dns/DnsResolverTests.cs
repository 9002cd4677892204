using System.Net;
using System.Net.Sockets;
using HyperVDash.Agent.Collect.Dns;
using Microsoft.Extensions.Time.Testing;

namespace HyperVDash.Agent.Tests.Collect.Dns;

/// <summary>The resolver against a server of the test's own on loopback.</summary>
public sealed class DnsResolverTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_server_is_asked_itself_and_its_answer_counts_for_a_minute()
    {
        var time = new FakeTimeProvider();
        using var server = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var here = (IPEndPoint)server.Client.LocalEndPoint!;
        var resolver = new DnsResolver(() => [here], time);

        var first = resolver.AskAsync("p.lab", Stop);
        await AnswerAsync(server, 50);
        var again = await resolver.AskAsync("p.lab", Stop);
        time.Advance(TimeSpan.FromMinutes(1));
        var later = resolver.AskAsync("p.lab", Stop);
        await AnswerAsync(server, 51);

        Assert.Equal(("10.0.0.50", here.ToString()), ((await first).Single().Addresses!.Value.Single(), (await first).Single().Source));
        Assert.Same(await first, again);
        Assert.Equal("10.0.0.51", (await later).Single().Addresses!.Value.Single());
    }

    [Fact]
    public async Task A_server_that_is_silent_is_asked_twice_and_then_named()
    {
        var time = new FakeTimeProvider();
        using var server = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var here = (IPEndPoint)server.Client.LocalEndPoint!;
        var asked = new DnsResolver(() => [here], time).AskAsync("p.lab", Stop);

        await server.ReceiveAsync(Stop);
        time.Advance(TimeSpan.FromSeconds(2));
        await server.ReceiveAsync(Stop);
        time.Advance(TimeSpan.FromSeconds(2));

        var answer = (await asked).Single();
        Assert.Null(answer.Addresses);
        Assert.Equal($"DNS server {here} does not answer.", answer.Error);
    }

    /// <summary>The question with the answer flag, one record behind it.</summary>
    private static async Task AnswerAsync(UdpClient server, byte last)
    {
        var question = await server.ReceiveAsync(Stop);
        byte[] answer = [.. question.Buffer, 0xC0, 12, 0, 1, 0, 1, 0, 0, 4, 176, 0, 4, 10, 0, 0, last];
        answer[2] |= 0x80;
        answer[7] = 1;
        await server.SendAsync(answer, question.RemoteEndPoint, Stop);
    }
}
