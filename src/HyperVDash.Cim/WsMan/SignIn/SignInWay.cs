namespace HyperVDash.Cim.WsMan.SignIn;

/// <summary>How a host learns who asks. Fixed by the settings; what a host offers never talks us into a weaker one.</summary>
public enum SignInWay
{
    /// <summary>Name and password in a header: local accounts, over HTTPS or on this machine alone.</summary>
    Basic,

    /// <summary>A ticket of the domain, both sides proven; over plain HTTP every message is encrypted.</summary>
    Kerberos,

    /// <summary>Challenge and answer: local accounts, and hosts without a domain; over plain HTTP every message is encrypted.</summary>
    Ntlm,

    /// <summary>A client certificate that the host maps to a local account; over HTTPS.</summary>
    Certificate,
}
