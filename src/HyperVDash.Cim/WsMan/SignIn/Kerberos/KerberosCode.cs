namespace HyperVDash.Cim.WsMan.SignIn.Kerberos;

/// <summary>Reasons that an operator can do something about: RFC 4120, and from 128 the library's own.</summary>
internal enum KerberosCode
{
    BadBindings = -1,
    ClientUnknown = 6,
    ServiceUnknown = 7,
    NoCommonEncryption = 14,
    ClientLocked = 18,
    PasswordExpired = 23,
    PasswordWrong = 24,
    PasswordWrongWithoutProof = 31,
    TicketExpired = 32,
    TicketNotYetValid = 33,
    NotForUs = 35,
    ClocksApart = 37,
    WrongServiceKey = 41,
    WrongKeyVersion = 44,
    NoKey = 45,
    CacheNotFound = 141,
    ClocksApartFromDomain = 148,
    RealmUnknown = 154,
    DomainUnreachable = 156,
    KeyNotFound = 181,
    CacheFileMissing = 195,
    RealmNotConfigured = 220,
}
