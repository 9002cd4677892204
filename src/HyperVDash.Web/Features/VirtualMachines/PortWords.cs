using System.Globalization;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Guests;

namespace HyperVDash.Web.Features.VirtualMachines;

/// <summary>Port features in the words a page uses; what the release cannot say is said so, never as off.</summary>
public static class PortWords
{
    public static string Guards(NetworkAdapter nic)
    {
        if (nic is { HasDhcpGuard: null, HasRouterGuard: null, AllowsTeaming: null, MonitorMode: null })
        {
            return nic.AllowsMacSpoofing switch { true => "MAC spoofing allowed; the rest not said", _ => "not said" };
        }

        string?[] parts =
        [
            nic.AllowsMacSpoofing == true ? "MAC spoofing allowed" : null, nic.HasDhcpGuard == true ? "DHCP guard" : null, nic.HasRouterGuard == true ? "router guard" : null,
            nic.AllowsTeaming == true ? "teaming in the guest" : null, nic.MonitorMode switch { 1 => "mirror destination", 2 => "mirror source", _ => null },
            nic.IsClusterMonitored == false ? "not watched by the cluster" : null,
        ];
        return string.Join(", ", parts.OfType<string>()) is { Length: > 0 } words ? words : "none";
    }

    public static string Bandwidth(NetworkAdapter nic)
    {
        if (nic is { MinimumBitsPerSecond: null, BandwidthWeight: null, MaximumBitsPerSecond: null })
        {
            return "no limits set";
        }

        string?[] parts =
        [
            nic.MinimumBitsPerSecond is > 0 and var least ? $"at least {Rate(least)}" : null, nic.BandwidthWeight is > 0 and var weight ? string.Create(CultureInfo.InvariantCulture, $"weight {weight}") : null,
            nic.MaximumBitsPerSecond is > 0 and var most ? $"at most {Rate(most)}" : null,
        ];
        return string.Join(", ", parts.OfType<string>()) is { Length: > 0 } words ? words : "no limits set";
    }

    public static string Offload(NetworkAdapter nic) => $"VMQ {Weight(nic.VmqWeight)}, SR-IOV {Weight(nic.SrIovWeight)}";

    public static string Addresses(NetworkAdapter nic, Guest? guest) => guest?.Adapters is not { } adapters ? "not said"
        : adapters.FirstOrDefault(a => a.AdapterId.Equals(nic.Id, StringComparison.OrdinalIgnoreCase)) is { Addresses.IsEmpty: false } found ? string.Join(", ", found.Addresses) : "none";

    private static string Weight(int? weight) => weight switch { null => "not said", 0 => "off", _ => "on" };

    private static string Rate(long bits) => bits >= 1_000_000_000
        ? string.Create(CultureInfo.InvariantCulture, $"{bits / 1e9:0.##} Gbit/s")
        : string.Create(CultureInfo.InvariantCulture, $"{bits / 1e6:0.##} Mbit/s");
}
