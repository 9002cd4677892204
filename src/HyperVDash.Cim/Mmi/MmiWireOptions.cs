using System.Security;
using Microsoft.Management.Infrastructure.Options;

namespace HyperVDash.Cim.Mmi;

/// <summary>A remote target in the words of the library: wire, encryption and sign-in.</summary>
internal static class MmiWireOptions
{
    public static CimSessionOptions Of(MmiTarget target)
    {
        CimSessionOptions options;
        if (target.Wire == MmiWire.Dcom)
        {
            options = new DComSessionOptions { PacketIntegrity = true, PacketPrivacy = true, Impersonation = ImpersonationType.Impersonate };
        }
        else
        {
            var wsman = new WSManSessionOptions { UseSsl = target.UseSsl };
            if (target.Port is { } port)
            {
                wsman.DestinationPort = (uint)port;
            }

            if (target.AcceptAnyCertificate)
            {
                (wsman.CertCACheck, wsman.CertCNCheck, wsman.CertRevocationCheck) = (false, false, false);
            }

            options = wsman;
        }

        options.Timeout = target.OperationTimeout;
        if (target.User is { } user)
        {
            options.AddDestinationCredentials(Credential(user, target.Password ?? ""));
        }

        return options;
    }

    private static CimCredential Credential(string user, string password)
    {
        var secret = new SecureString();
        foreach (char c in password)
        {
            secret.AppendChar(c);
        }

        secret.MakeReadOnly();
        string[] parts = user.Split('\\', 2);
        return parts.Length == 2
            ? new CimCredential(PasswordAuthenticationMechanism.Default, parts[0], parts[1], secret)
            : new CimCredential(PasswordAuthenticationMechanism.Default, null, user, secret);
    }
}
