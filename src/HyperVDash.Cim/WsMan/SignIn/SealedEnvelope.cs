using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace HyperVDash.Cim.WsMan.SignIn;

/// <summary>WinRM's message encryption: an envelope in two parts, of which the second holds length and bytes of the header, then the data.</summary>
internal static class SealedEnvelope
{
    // Everything before the binary part is a few lines of ASCII.
    private const int MaxPreamble = 1024;
    private const int MaxHeader = 512;

    public static string ContentType(string scheme) => $"multipart/encrypted;protocol=\"{Protocol(scheme)}\";boundary=\"Encrypted Boundary\"";

    public static byte[] Seal(ISecurityContext context, string scheme, ReadOnlySpan<byte> plain)
    {
        byte[] token = context.Seal(plain, out int headerLength);
        string length = plain.Length.ToString(CultureInfo.InvariantCulture);
        byte[] preamble = Encoding.ASCII.GetBytes(
            $"--Encrypted Boundary\r\n\tContent-Type: {Protocol(scheme)}\r\n\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length={length}\r\n"
            + "--Encrypted Boundary\r\n\tContent-Type: application/octet-stream\r\n");
        var end = "--Encrypted Boundary--\r\n"u8;
        byte[] message = new byte[preamble.Length + 4 + token.Length + end.Length];
        preamble.CopyTo(message, 0);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(preamble.Length), headerLength);
        token.CopyTo(message, preamble.Length + 4);
        end.CopyTo(message.AsSpan(preamble.Length + 4 + token.Length));
        return message;
    }

    /// <summary>Finds header and data, decrypts them and moves the text to the start.</summary>
    /// <returns>The text's length.</returns>
    /// <exception cref="InvalidDataException">It is no sealed envelope, or not one of this connection's; the message says which.</exception>
    public static int Open(ISecurityContext context, Span<byte> message)
    {
        int start = FindData(message, out int plainLength);
        if (message.Length < start + 4)
        {
            throw new InvalidDataException("it ends before its data");
        }

        int headerLength = BinaryPrimitives.ReadInt32LittleEndian(message[start..]);
        start += 4;
        if (headerLength is < 1 or > MaxHeader)
        {
            throw new InvalidDataException($"its security header claims {headerLength} bytes");
        }

        // The stated length is exact in all but padded messages; ciphertext may hold the boundary by chance, so only the last one counts.
        long end = (long)start + headerLength + plainLength;
        if (end > message.Length || !message[(int)end..].StartsWith("--"u8))
        {
            end = Math.Max(message.LastIndexOf("--Encrypted Boundary--"u8), message.LastIndexOf("-- Encrypted Boundary--"u8));
        }

        if (end < start + headerLength)
        {
            throw new InvalidDataException("its end is missing");
        }

        var sealedPart = message[start..(int)end];
        int length = context.Open(sealedPart) ?? throw new InvalidDataException("it was not sealed for this connection, or was changed on its way");
        sealedPart[..length].CopyTo(message);
        return length;
    }

    private static int FindData(ReadOnlySpan<byte> message, out int plainLength)
    {
        var preamble = message[..Math.Min(message.Length, MaxPreamble)];
        int type = preamble.IndexOf("application/octet-stream"u8);
        int lineEnd = type < 0 ? -1 : preamble[type..].IndexOf((byte)'\n');
        int length = type < 0 ? -1 : preamble[..type].IndexOf("Length="u8);
        if (lineEnd < 0 || length < 0)
        {
            throw new InvalidDataException("it is not framed as WinRM frames encrypted messages");
        }

        var digits = preamble[(length + 7)..type];
        digits = digits[..Math.Max(0, digits.IndexOfAnyExceptInRange((byte)'0', (byte)'9'))];
        if (!System.Buffers.Text.Utf8Parser.TryParse(digits, out plainLength, out _))
        {
            throw new InvalidDataException("it does not say its length");
        }

        return type + lineEnd + 1;
    }

    private static string Protocol(string scheme) => $"application/HTTP-{(scheme == "Kerberos" ? "Kerberos" : "SPNEGO")}-session-encrypted";
}
