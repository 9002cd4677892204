namespace HyperVDash.Cim.WsMan.SignIn;

/// <summary>What both sides share once they know each other on one connection. Messages are numbered: seal and open in the order of the wire, from one thread at a time.</summary>
internal interface ISecurityContext : IDisposable
{
    /// <summary>True once both sides are known, and messages may be sealed.</summary>
    bool IsReady { get; }

    /// <summary>Takes the host's token, empty at the start, and gives the next one; empty if there is nothing more to send.</summary>
    /// <exception cref="CimException">The sign-in failed; the message says why and what to do.</exception>
    /// <exception cref="Kerberos.KerberosException">The same, in Kerberos' numbers.</exception>
    byte[] Step(ReadOnlySpan<byte> token);

    /// <summary>Encrypts and signs.</summary>
    /// <param name="headerLength">How much of the result is the header; the rest is as long as <paramref name="plain"/>.</param>
    byte[] Seal(ReadOnlySpan<byte> plain, out int headerLength);

    /// <summary>Decrypts header and data, which follow each other, and puts the text at the start of the same span.</summary>
    /// <returns>The text's length; null if it is not what the host sealed.</returns>
    int? Open(Span<byte> message);
}
