using System.Formats.Asn1;

namespace HyperVDash.Cim.WsMan.SignIn.Kerberos;

/// <summary>KRB-ERROR: why a host did not take a ticket, and what its clock said. SPNEGO's own "rejected" drops both.</summary>
/// <param name="HostTime">The host's clock when it refused.</param>
internal sealed record KerberosRefusal(KerberosCode Code, DateTimeOffset HostTime)
{
    private const int ErrorMessage = 30;

    // The mechanism's identifier and the mark of an error stand before the message, whatever wraps them.
    private static ReadOnlySpan<byte> Start => [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x12, 0x01, 0x02, 0x02, 0x03, 0x00];

    /// <summary>Looks into a token of the host; null if it holds no such message.</summary>
    public static KerberosRefusal? Find(byte[] token)
    {
        int start = token.AsSpan().IndexOf(Start);
        if (start < 0)
        {
            return null;
        }

        try
        {
            return Read(new AsnReader(token.AsMemory(start + Start.Length), AsnEncodingRules.BER));
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    private static KerberosRefusal? Read(AsnReader reader)
    {
        var fields = reader.ReadSequence(new Asn1Tag(TagClass.Application, ErrorMessage)).ReadSequence();
        DateTimeOffset? at = null;
        while (fields.HasData)
        {
            int field = fields.PeekTag().TagValue;
            var value = fields.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, field));
            if (field == 4)
            {
                at = value.ReadGeneralizedTime();
            }
            else if (field == 6 && at is { } time && value.TryReadInt32(out int code))
            {
                return new KerberosRefusal((KerberosCode)code, time);
            }
        }

        return null;
    }
}
