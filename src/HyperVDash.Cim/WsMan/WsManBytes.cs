using System.Buffers;

namespace HyperVDash.Cim.WsMan;

/// <summary>A reply's bytes in a rented buffer.</summary>
/// <param name="IsCut">The connection broke before the announced end.</param>
internal sealed record WsManBytes(byte[] Buffer, int Length, bool IsCut, int Status) : IDisposable
{
    // A host's own limit is 500 KB by default; an answer of many times that is no answer to us.
    private const int MaxReply = 32 << 20;

    public void Dispose() => ArrayPool<byte>.Shared.Return(Buffer);

    /// <summary>Reads to the end, or to where the connection broke.</summary>
    public static async Task<WsManBytes> ReadAsync(HttpResponseMessage response, WsManTarget target, CancellationToken cancellationToken)
    {
        long expected = response.Content.Headers.ContentLength ?? 0;
        if (expected > MaxReply)
        {
            throw TooLong(target);
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)Math.Max(16 << 10, expected + 1));
        int length = 0;
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            bool isCut = false;
            while (true)
            {
                if (length == buffer.Length)
                {
                    byte[] larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                    buffer.AsSpan(0, length).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }

                int read;
                try
                {
                    read = await body.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
                }
                catch (Exception broken) when (broken is IOException or HttpRequestException)
                {
                    isCut = true;
                    break;
                }

                if (read == 0)
                {
                    break;
                }

                length += read;
                if (length > MaxReply)
                {
                    throw TooLong(target);
                }
            }

            return new WsManBytes(buffer, length, isCut, (int)response.StatusCode);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    private static CimException TooLong(WsManTarget target) =>
        new(CimErrorKind.Protocol, $"{target} sent an answer of more than {MaxReply >> 20} MB, which no envelope may be; it was not read.");
}
