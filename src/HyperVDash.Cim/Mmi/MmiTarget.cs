namespace HyperVDash.Cim.Mmi;

/// <summary>The computer whose CIM classes Windows itself is to read, and how to sign in there.</summary>
/// <param name="Computer">Name or address; null is this computer.</param>
public sealed record MmiTarget(string? Computer)
{
    /// <summary>How a remote computer is reached; this computer needs no wire.</summary>
    public MmiWire Wire { get; init; } = MmiWire.WsMan;

    /// <summary><c>DOMAIN\name</c>, <c>name@domain</c> or a local name; null signs in as the account that runs this.</summary>
    public string? User { get; init; }

    public string? Password { get; init; }

    /// <summary>HTTPS instead of HTTP with message encryption. WS-Management only.</summary>
    public bool UseSsl { get; init; }

    /// <summary>Port of the WinRM listener; null is 5985, or 5986 with <see cref="UseSsl"/>.</summary>
    public int? Port { get; init; }

    /// <summary>Accepts any certificate. For a first look at a lab, never for more.</summary>
    public bool AcceptAnyCertificate { get; init; }

    /// <summary>What one question may take if it does not say so itself.</summary>
    public TimeSpan OperationTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Grace on top of a question's time: Windows ends it first if it can.</summary>
    public TimeSpan NetworkDelay { get; init; } = TimeSpan.FromSeconds(5);

    public bool IsLocal => Computer is null or "." || Computer.Equals("localhost", StringComparison.OrdinalIgnoreCase);

    /// <summary>What messages call this computer.</summary>
    public string LocalName { get; init; } = Environment.MachineName;

    /// <summary>The computer's name, never a credential.</summary>
    public override string ToString() => IsLocal ? LocalName : Computer!;
}
