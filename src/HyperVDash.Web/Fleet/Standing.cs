using HyperVDash.Model.Findings;
using HyperVDash.Model.VirtualMachines;

namespace HyperVDash.Web.Fleet;

/// <summary>
/// How an object stands, as the name of its shape. The order of verdicts is fixed: blindness may hide an error,
/// so unknown outranks a warning, and nothing that is old may look well.
/// </summary>
public static class Standing
{
    public const string Unknown = "unknown";
    public const string Ok = "ok";
    public const string Off = "off";

    private const string AcceptedEnd = "-accepted";

    /// <summary>Worst first. What somebody answers for is no fault to see to, and not well either.</summary>
    private static readonly string[] Order = ["critical", "error", Unknown, "warning", "info", "critical-accepted", "error-accepted", "warning-accepted", "info-accepted", Ok, Off];

    public static string Of(Severity severity) => severity switch
    {
        Severity.Critical => "critical", Severity.Error => "error", Severity.Warning => "warning", _ => "info",
    };

    /// <summary>The shape of a finding; one that somebody answers for is drawn in outline.</summary>
    public static string Of(Finding finding)
    {
        string kind = finding.Accepted is null ? Of(finding.Severity) : $"{Of(finding.Severity)}{AcceptedEnd}";
        return finding.IsStale ? Stale(kind) : kind;
    }

    /// <summary>Of findings about something: unknown if part of it cannot be seen, ok only if all of it was.</summary>
    public static string Of(IEnumerable<Finding> findings, bool isFullyKnown) =>
        Worst(findings.Select(f => Of(f with { IsStale = false })).Append(isFullyKnown ? Ok : Unknown));

    public static string Of(VirtualMachine vm) => (vm.State, vm.Health) switch
    {
        (_, VirtualMachineHealth.Critical) => "critical",
        (_, VirtualMachineHealth.Degraded) => "warning",
        (VirtualMachineState.Running, VirtualMachineHealth.Ok) => Ok,
        (VirtualMachineState.Off or VirtualMachineState.Saved, _) => Off,
        (VirtualMachineState.Running or VirtualMachineState.Unknown or VirtualMachineState.Other, _) => Unknown,
        _ => "info",
    };

    public static string Worst(IEnumerable<string> standings) => standings.MinBy(Rank) ?? Unknown;

    /// <summary>The same shape with a clock laid over it; what was not known stays that.</summary>
    public static string Stale(string standing) => standing is "info" or Unknown || standing.EndsWith(AcceptedEnd, StringComparison.Ordinal) ? Unknown : $"{standing}-stale";

    /// <summary>Place in the order, 0 is worst; for sorting.</summary>
    public static int Rank(string standing) => Array.IndexOf(Order, standing) is >= 0 and var at ? at : Array.IndexOf(Order, Unknown);
}
