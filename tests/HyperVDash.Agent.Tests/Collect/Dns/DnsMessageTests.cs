using HyperVDash.Agent.Collect.Dns;

namespace HyperVDash.Agent.Tests.Collect.Dns;

/// <summary>Bytes of DNS, written by hand after RFC 1035.</summary>
public sealed class DnsMessageTests
{
    private const string Name = "p.lab";

    // Header: id 1234, response, recursion; one question. The question is p.lab A IN; its name stands at 12.
    private static readonly byte[] Question = [1, (byte)'p', 3, (byte)'l', (byte)'a', (byte)'b', 0, 0, 1, 0, 1];
    private static readonly byte[] Address = [0xC0, 12, 0, 1, 0, 1, 0, 0, 4, 176, 0, 4, 10, 0, 0, 50];

    [Fact]
    public void A_question_asks_for_the_addresses_of_the_name()
    {
        Assert.Equal([0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, .. Question], DnsMessage.Question(0x1234, Name));
    }

    [Fact]
    public void An_address_comes_with_its_time_to_live()
    {
        var answer = Answer(0x80, 1, Address)!;

        Assert.Equal("10.0.0.50", Assert.Single(answer.Addresses!.Value));
        Assert.Equal((TimeSpan.FromMinutes(20), null, null), (answer.TimeToLive, answer.Alias, answer.Error));
    }

    [Fact]
    public void An_alias_is_named_beside_the_addresses_it_leads_to()
    {
        byte[] alias = [0xC0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0, 4, 1, (byte)'x', 0xC0, 14];
        byte[] target = [1, (byte)'x', 0xC0, 14, 0, 1, 0, 1, 0, 0, 4, 176, 0, 4, 10, 0, 0, 50];

        var answer = Answer(0x80, 2, [.. alias, .. target])!;

        Assert.Equal(("x.lab", "10.0.0.50", TimeSpan.FromMinutes(1)), (answer.Alias, answer.Addresses!.Value.Single(), answer.TimeToLive));
    }

    [Fact]
    public void A_name_that_does_not_exist_has_no_address_and_no_error()
    {
        var answer = Answer(0x83, 0, [])!;

        Assert.Empty(answer.Addresses!.Value);
        Assert.Null(answer.Error);
    }

    [Theory]
    [InlineData(0x82)]
    [InlineData(0x85)]
    public void A_server_that_refuses_has_not_said_that_there_is_nothing(byte code)
    {
        var answer = Answer(code, 0, [])!;

        Assert.Null(answer.Addresses);
        Assert.NotNull(answer.Error);
    }

    [Fact]
    public void An_answer_that_was_cut_is_no_answer()
    {
        byte[] message = Message(0x80, 1, Address);
        message[2] |= 2;

        Assert.Null(DnsMessage.Answer(message, 0x1234, Name, "dns")!.Addresses);
    }

    [Fact]
    public void The_answer_to_another_question_is_passed_over()
    {
        byte[] message = Message(0x80, 1, Address);

        Assert.Null(DnsMessage.Answer(message, 0x1235, Name, "dns"));
        Assert.Null(DnsMessage.Answer(message, 0x1234, "q.lab", "dns"));
        Assert.Null(DnsMessage.Answer(DnsMessage.Question(0x1234, Name), 0x1234, Name, "dns"));
    }

    [Fact]
    public void Damage_never_throws_and_never_makes_an_empty_answer_of_one_with_records()
    {
        byte[] whole = Message(0x80, 1, Address);
        var random = new Random(7);
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.Null(DnsMessage.Answer(whole.AsSpan(0, length), 0x1234, Name, "dns")?.Addresses);
        }

        for (int i = 0; i < 20_000; i++)
        {
            byte[] damaged = [.. whole];
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            _ = DnsMessage.Answer(damaged, 0x1234, Name, "dns");
        }

        // A name that points at itself.
        Assert.NotNull(Answer(0x80, 1, [0xC0, 23, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 1, 2, 3, 4])!.Error);
    }

    private static HyperVDash.Model.Dns.DnsAnswer? Answer(byte code, int records, byte[] body) => DnsMessage.Answer(Message(code, records, body), 0x1234, Name, "dns");

    private static byte[] Message(byte code, int records, byte[] body) => [0x12, 0x34, 0x81, code, 0, 1, 0, (byte)records, 0, 0, 0, 0, .. Question, .. body];
}
