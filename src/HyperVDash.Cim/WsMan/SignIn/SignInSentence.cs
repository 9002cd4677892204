using System.Net.Http.Headers;

namespace HyperVDash.Cim.WsMan.SignIn;

/// <summary>What a 401 means, given how we tried to sign in and what the host offers instead.</summary>
internal static class SignInSentence
{
    public static IReadOnlyList<string> Offered(HttpHeaderValueCollection<AuthenticationHeaderValue> challenges) =>
        [.. challenges.Select(c => c.Scheme).Distinct(StringComparer.OrdinalIgnoreCase)];

    public static CimException Of(WsManTarget target, IReadOnlyList<string> offered)
    {
        bool Offers(string scheme) => offered.Contains(scheme, StringComparer.OrdinalIgnoreCase);
        string ways = offered.Count == 0 ? "an unnamed way" : string.Join(" and ", offered);
        bool offersTickets = Offers("Negotiate") || Offers("Kerberos");
        return new CimException(CimErrorKind.AccessDenied, target.EffectiveSignIn switch
        {
            SignInWay.Basic when Offers("Basic") => $"{target} refused the user '{target.User}'. Check name and password, and that the account may use WinRM there.",
            SignInWay.Basic when offersTickets =>
                $"{target} offers only {ways} to sign in, and '{target.User}' is set for Basic. For a domain account write User as name@REALM (Kerberos); for a local one set SignIn to ntlm.",
            SignInWay.Certificate =>
                $"{target} did not accept the client certificate. On the host: winrm set winrm/config/service/auth @{{Certificate=\"true\"}}, a mapping in winrm/config/service/certmapping to a local account, and the issuer among its trusted roots.",
            SignInWay.Kerberos when offersTickets =>
                $"{target} did not accept the ticket of {target.Who}. The account needs Remote Management Users (S-1-5-32-580) or Administrators there; and the name {target.ServicePrincipal} must be the host's own.",
            SignInWay.Ntlm when Offers("Negotiate") =>
                $"{target} refused {target.Who}. Check name and password, that the account may use WinRM there, and that NTLM is not disabled by policy. It was tried once.",
            _ => $"{target} offers only {ways} to sign in, and the settings say {target.EffectiveSignIn}. "
                + (Offers("Basic") ? "Set SignIn to basic with a local account, or allow Negotiate on the host: winrm set winrm/config/service/auth @{Negotiate=\"true\"}."
                    : "Allow a way that is set up here: winrm get winrm/config/service/auth shows the host's."),
        });
    }

    public static CimException Unproven(WsManTarget target) => new(CimErrorKind.AccessDenied,
        $"{target} accepted the sign-in without proving that it is {target.ServicePrincipal}; nothing was asked of it. Something between here and there may answer in its place.");
}
