using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace HyperVDash.Benchmarks;

/// <summary>A request and what the lab answered to it.</summary>
internal sealed class Exchange(byte[] request, int status, byte[] answer)
{
    private static readonly byte[] MessageStart = ">uuid:"u8.ToArray();
    private const int MessageLength = 41;
    private const string To = "<a:To>";

    private readonly int _relatesTo = RelatesToOf(answer);

    public byte[] Request { get; } = request;

    public int Status { get; } = status;

    public byte[] Answer { get; } = answer;

    /// <summary>Where the request says that it goes.</summary>
    public Uri Addressee
    {
        get
        {
            string text = Encoding.UTF8.GetString(Request);
            int from = text.IndexOf(To, StringComparison.Ordinal) + To.Length;
            return new Uri(text[from..text.IndexOf('<', from)]);
        }
    }

    /// <summary>The answer in three parts, of which the middle is the id of the message it answers.</summary>
    public (ReadOnlyMemory<byte> Before, int Replaced) Split => (Answer.AsMemory(0, _relatesTo), _relatesTo < Answer.Length ? MessageLength : 0);

    /// <summary>What a request asks, without what differs from one time to the next: its id, its time limit, the hour from which events are asked, the order of its keys.</summary>
    public static string KeyOf(ReadOnlySpan<byte> request)
    {
        string text = Encoding.UTF8.GetString(request);
        text = Without(Without(text, "<a:MessageID>", "</a:MessageID>"), "<w:OperationTimeout>", "</w:OperationTimeout>");
        text = Without(text, "<a:To>", "</a:To>");
        text = Without(text, "TimeGenerated&gt;='", "'</w:Filter>");
        const string begin = "<w:SelectorSet>", end = "</w:SelectorSet>", between = "</w:Selector>";
        int from = text.IndexOf(begin, StringComparison.Ordinal), to = text.IndexOf(end, StringComparison.Ordinal);
        return from < 0 || to < from ? text : text[..from] + string.Join(between, text[(from + begin.Length)..to].Split(between).Order(StringComparer.Ordinal)) + text[to..];
    }

    public static ReadOnlySpan<byte> MessageIdOf(ReadOnlySpan<byte> request) =>
        request.IndexOf(MessageStart) is var at and >= 0 ? request.Slice(at + 1, MessageLength) : default;

    public async Task WriteAsync(Stream target, CancellationToken cancellationToken)
    {
        byte[] head = new byte[12];
        BinaryPrimitives.WriteInt32LittleEndian(head, Status);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(4), Request.Length);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(8), Answer.Length);
        await target.WriteAsync(head, cancellationToken);
        await target.WriteAsync(Request, cancellationToken);
        await target.WriteAsync(Answer, cancellationToken);
    }

    /// <summary>One after the other as they come, so that whoever reads them holds no more than he wants.</summary>
    public static async IAsyncEnumerable<Exchange> ReadAllAsync(Stream source, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        byte[] head = new byte[12];
        while (await source.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken) == head.Length)
        {
            byte[] request = new byte[BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(4))], answer = new byte[BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(8))];
            await source.ReadExactlyAsync(request, cancellationToken);
            await source.ReadExactlyAsync(answer, cancellationToken);
            yield return new Exchange(request, BinaryPrimitives.ReadInt32LittleEndian(head), answer);
        }
    }

    private static int RelatesToOf(ReadOnlySpan<byte> answer)
    {
        int element = answer.IndexOf("RelatesTo"u8);
        int id = element < 0 ? -1 : answer[element..].IndexOf(MessageStart);
        return id < 0 ? answer.Length : element + id + 1;
    }

    private static string Without(string text, string start, string end)
    {
        int from = text.IndexOf(start, StringComparison.Ordinal);
        int to = from < 0 ? -1 : text.IndexOf(end, from, StringComparison.Ordinal);
        return to < 0 ? text : text.Remove(from, to - from);
    }
}
