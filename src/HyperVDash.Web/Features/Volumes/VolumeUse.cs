using HyperVDash.Model.Volumes;

namespace HyperVDash.Web.Features.Volumes;

/// <summary>How full a volume is.</summary>
public static class VolumeUse
{
    /// <summary>Used of all bytes, in percent; null if the host left one of the numbers out, or said a size of nothing.</summary>
    public static double? Percent(Volume volume) => volume is { Size.Bytes: > 0 and var size, Free.Bytes: var free } && free <= size ? 100.0 * (size - free) / size : null;
}
