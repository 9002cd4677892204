using System.Text;
using CsCheck;
using HyperVDash.Cim.WsMan.SignIn;

namespace HyperVDash.Cim.Tests.WsMan.SignIn;

/// <summary>The frame of an encrypted message, whoever wrote it.</summary>
public sealed class SealedEnvelopeTests
{
    private static readonly Gen<byte[]> Plain = Gen.Byte.Array[0, 300];

    [Fact]
    public void What_was_framed_is_opened_whatever_the_bytes()
    {
        Plain.Sample(plain =>
        {
            byte[] message = SealedEnvelope.Seal(new Mirror(), "Negotiate", plain);

            Assert.Equal(plain, message[..SealedEnvelope.Open(new Mirror(), message)]);
        });
    }

    [Theory]
    [InlineData("\t", "--Encrypted Boundary--\r\n", "Length=5")]
    [InlineData("", "--Encrypted Boundary--", "Length=5")]
    [InlineData("\t", "-- Encrypted Boundary--\r\n", "Length=5")]
    [InlineData("\t", "--Encrypted Boundary--\r\n", "Length=4")]
    public void Senders_differ_in_tabs_blanks_ends_and_lengths(string tab, string end, string length)
    {
        byte[] message = Encoding.Latin1.GetBytes(
            $"--Encrypted Boundary\r\n{tab}Content-Type: application/HTTP-SPNEGO-session-encrypted\r\n{tab}OriginalContent: type=application/soap+xml;charset=UTF-8;{length}\r\n"
            + $"--Encrypted Boundary\r\n{tab}Content-Type: application/octet-stream\r\n\u0002\0\0\0HHhello{end}");

        Assert.Equal("hello", Encoding.Latin1.GetString(message, 0, SealedEnvelope.Open(new Mirror(), message)));
    }

    [Fact]
    public void Damage_is_told_and_never_read_past_its_end()
    {
        Gen.Select(Plain, Gen.Int[0, 400], Gen.Byte, Gen.Int[0, 600]).Sample((plain, at, value, cut) =>
        {
            byte[] message = SealedEnvelope.Seal(new Mirror(), "Kerberos", plain);
            message[at % message.Length] = value;
            message = message[..Math.Min(cut, message.Length)];
            try
            {
                Assert.InRange(SealedEnvelope.Open(new Mirror(), message), 0, message.Length);
            }
            catch (InvalidDataException told)
            {
                Assert.NotEmpty(told.Message);
            }
        }, iter: 20_000);
    }

    /// <summary>Two bytes of header, and data as it is: what is tested is the frame.</summary>
    private sealed class Mirror : ISecurityContext
    {
        public bool IsReady => true;

        public byte[] Step(ReadOnlySpan<byte> token) => [];

        public byte[] Seal(ReadOnlySpan<byte> plain, out int headerLength)
        {
            headerLength = 2;
            return [.. "HH"u8, .. plain];
        }

        public int? Open(Span<byte> message)
        {
            if (!message.StartsWith("HH"u8))
            {
                return null;
            }

            message[2..].CopyTo(message);
            return message.Length - 2;
        }

        public void Dispose()
        {
        }
    }
}
