using HyperVDash.Model.Fleet;

namespace HyperVDash.Agent.Collect;

/// <summary>Why nothing can be said of Hyper-V on this host at all: no role, no rights, service stopped, no answer.</summary>
internal sealed record HyperVGap(SectionState State, string Reason);

internal static class HyperVGapExtensions
{
    /// <summary>The gap as the section's outcome, or the reader's.</summary>
    public static SectionResult<T> Or<T>(this HyperVGap? gap, Func<SectionResult<T>> read) where T : class =>
        gap is null ? read() : SectionResult<T>.Without(gap.State, gap.Reason);

    /// <summary>What a section lacks that needs the VMs only to say whose something is; null where there is no Hyper-V, and so no VM.</summary>
    public static string? OfVirtualMachines(this HyperVGap? gap) => gap is { State: SectionState.Failed or SectionState.Denied } ? $"VMs: {gap.Reason}" : null;
}
