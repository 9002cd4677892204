using HyperVDash.Model.Devices;
using HyperVDash.Model.Guests;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.VirtualMachines;

namespace HyperVDash.Rules.Guests;

/// <summary>What says that a guest is Linux, also if it tells nothing itself.</summary>
internal static class LinuxHint
{
    // In the file names under which distributions publish their discs.
    private static readonly string[] Distributions = ["linux", "ubuntu", "debian", "centos", "rhel", "fedora", "rocky-", "almalinux", "suse", "sles", "oraclelinux"];

    /// <summary>In words for evidence; null: nothing says so. Reads <c>guests</c> and <c>devices</c>.</summary>
    public static string? Of(VirtualMachineSubject subject, RuleContext context) =>
        Certain(subject, context)
        ?? (subject.Vm.SecureBootTemplate == SecureBootTemplates.UefiCertificateAuthority ? "Secure Boot template of the UEFI certificate authority" : null)
        ?? Disc(subject);

    /// <summary>The same without what the firmware is set to, for those who judge just that.</summary>
    public static string? WithoutTemplate(VirtualMachineSubject subject, RuleContext context) => Certain(subject, context) ?? (subject.Guest?.Family == GuestFamily.Windows ? null : Disc(subject));

    private static string? Certain(VirtualMachineSubject subject, RuleContext context) =>
        context.Settings.HasTag(subject.Identity.Id, "os:linux") ? "tag os:linux"
        : subject.Guest?.Family == GuestFamily.Linux ? "facts of the guest"
        : null;

    private static string? Disc(VirtualMachineSubject subject)
    {
        foreach (var drive in subject.Host.DrivesOf[subject.Vm.Id])
        {
            if (drive is { Kind: DriveKind.Dvd, Path: { } path } && IsLinuxDisc(path))
            {
                return $"the disc {path}";
            }
        }

        return null;
    }

    private static bool IsLinuxDisc(string path)
    {
        var file = path.AsSpan(path.AsSpan().LastIndexOfAny('\\', '/') + 1);
        foreach (string distribution in Distributions)
        {
            if (file.Contains(distribution, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
