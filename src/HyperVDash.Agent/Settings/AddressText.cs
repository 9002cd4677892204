namespace HyperVDash.Agent.Settings;

/// <summary>
/// An address as messages show it. Whoever writes a user and password into one often writes it so that it is no address any more, and no part of it tells
/// where the password begins: text with an @ is not repeated at all.
/// </summary>
public static class AddressText
{
    public static string Shown(Uri? address) => HasSignIn(address?.OriginalString) ? "…" : address?.ToString() ?? "";

    /// <param name="text">What stands in the settings.</param>
    public static string Shown(string? text) => HasSignIn(text) ? "…" : text ?? "";

    /// <summary>It holds an @, before which a user and password stand; no address of a host, agent or listener needs one.</summary>
    public static bool HasSignIn(string? text) => text?.Contains('@', StringComparison.Ordinal) == true;
}
