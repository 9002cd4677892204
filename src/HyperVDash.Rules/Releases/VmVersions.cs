using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Rules.Releases;

/// <summary>Configuration versions of VMs as numbers, and which of them a host starts.</summary>
internal static class VmVersions
{
    /// <summary>Null: the host did not say, or it is no version.</summary>
    public static Version? Of(VirtualMachine vm) => Version.TryParse(vm.ConfigurationVersion, out var version) ? version : null;

    /// <summary>Versions that preview builds write.</summary>
    public static bool IsPreview(Version version) => version.Major is 254 or 255;

    /// <summary>Null: nobody knows which versions the host starts.</summary>
    public static bool? Starts(HostSubject host, Version version) => host.Profile is { VmVersions: { IsEmpty: false } known } ? known.Contains(version) : null;

    /// <summary>Reads <c>operatingSystem</c>. Null if the versions of the host are known; otherwise why there is nothing to compare.</summary>
    public static Verdict? Without(HostSubject host) => host.Profile switch
    {
        null => new Verdict.Unknown("operatingSystem", "The host did not say its build."),
        var match when !match.IsFrom("2012R2") => Verdict.NotFor("VMs of this release have no configuration version."),
        { VmVersions.IsEmpty: true } => new Verdict.Unknown("operatingSystem", "The VM versions of this build are not known."),
        _ => null,
    };

    public static string List(HostSubject host) => string.Join(", ", host.Profile!.VmVersions);
}
