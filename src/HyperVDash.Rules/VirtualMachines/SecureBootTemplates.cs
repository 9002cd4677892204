namespace HyperVDash.Rules.VirtualMachines;

/// <summary>The templates of certificates that Hyper-V gives to the firmware of generation 2.</summary>
internal static class SecureBootTemplates
{
    public static Guid Windows { get; } = new("1734c6e8-3154-4dda-ba5f-a874cc483422");

    /// <summary>Trusts what the UEFI certificate authority signed, as the boot loaders of Linux are.</summary>
    public static Guid UefiCertificateAuthority { get; } = new("272e7447-90a4-4563-a4b9-8e4ab00526ce");

    /// <summary>For shielded Linux.</summary>
    public static Guid OpenSourceShielded { get; } = new("4292ae2b-ee2c-42b5-a969-dd8f8689f6f3");

    public static string? NameOf(Guid? id) =>
        id == Windows ? "Microsoft Windows"
        : id == UefiCertificateAuthority ? "Microsoft UEFI Certificate Authority"
        : id == OpenSourceShielded ? "Open Source Shielded VM"
        : id?.ToString();
}
