using System.Security.Authentication;

namespace HyperVDash.Cim.WsMan;

/// <summary>The host showed a certificate that is not believed; a handshake that fails before it comes to one throws its base alone.</summary>
internal sealed class UntrustedCertificateException() : AuthenticationException("The certificate is not trusted.");
