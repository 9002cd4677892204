using System.Globalization;
using HyperVDash.Model.PhysicalNetwork;

namespace HyperVDash.Agent.Collect.PhysicalNetwork;

/// <summary>The medium numbers of NDIS as words; the physical medium decides, because some Wi-Fi drivers call themselves 802.3.</summary>
internal static class MediumWords
{
    public static NetworkMedium Of(int? physical, int? medium) => (physical, medium) switch
    {
        (1 or 9, _) => NetworkMedium.WiFi,
        (8, _) => NetworkMedium.Mobile,
        (12, _) => NetworkMedium.WiMax,
        (6, _) => NetworkMedium.FibreChannel,
        (7, _) => NetworkMedium.Firewire,
        (10, _) => NetworkMedium.Bluetooth,
        (11, _) => NetworkMedium.InfiniBand,
        (14, _) => NetworkMedium.Ethernet,
        (_, 16) => NetworkMedium.WiFi,
        (_, 9) => NetworkMedium.Mobile,
        (_, 18) => NetworkMedium.WiMax,
        (0, 0) => NetworkMedium.Ethernet,
        (null, _) or (0, null) => NetworkMedium.Unknown,
        _ => NetworkMedium.Other,
    };

    public static string? Code(int? physical, int? medium) => (physical, medium) switch
    {
        (null, null) => null,
        (_, null) => string.Create(CultureInfo.InvariantCulture, $"physical {physical}"),
        (null, _) => string.Create(CultureInfo.InvariantCulture, $"medium {medium}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"physical {physical}, medium {medium}"),
    };
}
