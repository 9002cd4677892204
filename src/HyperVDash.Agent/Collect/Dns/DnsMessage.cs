using System.Buffers.Binary;
using System.Net;
using System.Text;
using HyperVDash.Model.Dns;

namespace HyperVDash.Agent.Collect.Dns;

/// <summary>A question for the IPv4 addresses of a name as DNS sends it (RFC 1035), and what comes back.</summary>
internal static class DnsMessage
{
    private const int HeaderLength = 12;
    private const ushort TypeA = 1;
    private const ushort TypeCname = 5;
    private const ushort ClassInternet = 1;
    private const int MaxPointers = 32;

    public static byte[] Question(ushort id, string name)
    {
        var message = new List<byte>(HeaderLength + name.Length + 6);
        Add(message, id, 0x0100, 1, 0, 0, 0);
        foreach (string label in name.Split('.'))
        {
            message.Add((byte)label.Length);
            message.AddRange(Encoding.ASCII.GetBytes(label));
        }

        message.Add(0);
        Add(message, TypeA, ClassInternet);
        return [.. message];
    }

    /// <summary>The answer to a question of this id and name; null if the message is none, so that one goes on listening.</summary>
    public static DnsAnswer? Answer(ReadOnlySpan<byte> message, ushort id, string name, string source)
    {
        if (message.Length < HeaderLength || Number(message, 0) != id || (message[2] & 0x80) == 0 || Number(message, 4) != 1)
        {
            return null;
        }

        int at = HeaderLength;
        if (Name(message, ref at) != name || at + 4 > message.Length)
        {
            return null;
        }

        at += 4;
        var answer = new DnsAnswer(name, source);
        int code = message[3] & 0x0F;
        if (code is not (0 or 3))
        {
            return answer with { Error = $"DNS server {source} refused or failed (code {code})." };
        }

        // Addresses that were left out would look like records that are gone.
        return (message[2] & 0x02) != 0 ? answer with { Error = $"The answer of DNS server {source} was cut short." } : Records(message, at, answer);
    }

    private static DnsAnswer Records(ReadOnlySpan<byte> message, int at, DnsAnswer answer)
    {
        var addresses = new List<string>();
        for (int left = Number(message, 6); left > 0; left--)
        {
            string? owner = Name(message, ref at);
            if (owner is null || at + 10 > message.Length)
            {
                return Damaged(answer);
            }

            ushort type = Number(message, at);
            uint seconds = BinaryPrimitives.ReadUInt32BigEndian(message[(at + 4)..]);
            int length = Number(message, at + 8);
            at += 10;
            if (at + length > message.Length)
            {
                return Damaged(answer);
            }

            if (type == TypeA && length == 4)
            {
                addresses.Add(new IPAddress(message.Slice(at, 4)).ToString());
                answer = answer with { TimeToLive = answer.TimeToLive ?? TimeSpan.FromSeconds(seconds) };
            }
            else if (type == TypeCname && owner == answer.Name)
            {
                int target = at;
                answer = answer with { Alias = Name(message, ref target), TimeToLive = TimeSpan.FromSeconds(seconds) };
            }

            at += length;
        }

        return answer with { Addresses = [.. addresses.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)] };
    }

    private static DnsAnswer Damaged(DnsAnswer answer) => new(answer.Name, answer.Source) { Error = $"The answer of DNS server {answer.Source} is damaged." };

    /// <summary>A name, whose rest may stand elsewhere; null if it is broken or leads in a circle.</summary>
    private static string? Name(ReadOnlySpan<byte> message, ref int at)
    {
        var labels = new List<string>();
        int read = at, pointers = 0;
        bool hasJumped = false;
        while (read < message.Length)
        {
            int length = message[read];
            if (length == 0)
            {
                at = hasJumped ? at : read + 1;
                return string.Join('.', labels);
            }

            if ((length & 0xC0) == 0xC0)
            {
                if (read + 1 >= message.Length || ++pointers > MaxPointers)
                {
                    return null;
                }

                at = hasJumped ? at : read + 2;
                hasJumped = true;
                read = ((length & 0x3F) << 8) | message[read + 1];
                continue;
            }

            if (length > 63 || read + 1 + length > message.Length || labels.Count > 127)
            {
                return null;
            }

            labels.Add(Encoding.ASCII.GetString(message.Slice(read + 1, length)).ToLowerInvariant());
            read += length + 1;
        }

        return null;
    }

    private static ushort Number(ReadOnlySpan<byte> message, int at) => BinaryPrimitives.ReadUInt16BigEndian(message[at..]);

    private static void Add(List<byte> message, params ReadOnlySpan<ushort> numbers)
    {
        foreach (ushort number in numbers)
        {
            message.Add((byte)(number >> 8));
            message.Add((byte)number);
        }
    }
}
