using HyperVDash.Model;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Guests;
using HyperVDash.Web.Features.Switches;
using HyperVDash.Web.Features.VirtualMachines;

namespace HyperVDash.Web.Tests.Features.VirtualMachines;

public sealed class PortWordsTests
{
    private static readonly NetworkAdapter Plain = Sample.Nic with { AllowsMacSpoofing = false, HasDhcpGuard = false, HasRouterGuard = false, AllowsTeaming = false, MonitorMode = 0, VmqWeight = 100, SrIovWeight = 0 };

    [Fact]
    public void What_a_release_cannot_say_is_not_called_off()
    {
        Assert.Equal("not said", PortWords.Guards(Sample.Nic));
        Assert.Equal("VMQ not said, SR-IOV not said", PortWords.Offload(Sample.Nic));
        Assert.Equal("none", PortWords.Guards(Plain));
        Assert.Equal("VMQ on, SR-IOV off", PortWords.Offload(Plain));
    }

    [Fact]
    public void Guards_and_limits_are_listed()
    {
        Assert.Equal("MAC spoofing allowed, router guard, mirror source, not watched by the cluster",
            PortWords.Guards(Plain with { AllowsMacSpoofing = true, HasRouterGuard = true, MonitorMode = 2, IsClusterMonitored = false }));
        Assert.Equal("weight 50, at most 1.5 Gbit/s", PortWords.Bandwidth(Plain with { MinimumBitsPerSecond = 0, BandwidthWeight = 50, MaximumBitsPerSecond = 1_500_000_000 }));
        Assert.Equal("at least 200 Mbit/s", PortWords.Bandwidth(Plain with { MinimumBitsPerSecond = 200_000_000, BandwidthWeight = 0, MaximumBitsPerSecond = 0 }));
    }

    [Fact]
    public void Every_kind_of_VLAN_has_its_words()
    {
        Assert.Equal("untagged", VlanWords.Of(Plain));
        Assert.Equal("access 12", VlanWords.Of(Plain with { Vlan = VlanMode.Access, VlanId = 12 }));
        Assert.Equal("trunk 20, 30, native 1", VlanWords.Of(Plain with { Vlan = VlanMode.Trunk, VlanId = 1, TrunkVlanIds = [20, 30] }));
        Assert.Equal("private, isolated, primary 200, secondary 201", VlanWords.Of(Plain with { Vlan = VlanMode.Private, PrivateVlan = PrivateVlanMode.Isolated, PrimaryVlanId = 200, SecondaryVlanId = 201 }));
        Assert.Equal("not said", VlanWords.Of(Plain with { Vlan = VlanMode.Unknown }));
    }

    [Fact]
    public void Addresses_are_those_the_guest_gave_the_adapter()
    {
        var guest = Sample.Guest with { Adapters = [new(Plain.Id.ToUpperInvariant()) { Addresses = ["10.0.0.5", "fe80::1"] }] };

        Assert.Equal("10.0.0.5, fe80::1", PortWords.Addresses(Plain, guest));
        Assert.Equal("none", PortWords.Addresses(Plain, guest with { Adapters = [] }));
        Assert.Equal("not said", PortWords.Addresses(Plain, guest with { Adapters = null }));
        Assert.Equal("not said", PortWords.Addresses(Plain, null));
    }
}
