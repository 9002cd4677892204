using System.Collections.Immutable;
using System.Text.Json;
using HyperVDash.Lab.Scenarios.Description;
using HyperVDash.Model.Devices;
using HyperVDash.Model.Guests;
using HyperVDash.Model.Json;
using HyperVDash.Model.PhysicalNetwork;
using HyperVDash.Model.Switches;

namespace HyperVDash.Agent.Tests.Scenarios;

/// <summary>What the collector reads of ports, adapters, teams and guests is what the generator described, in every release.</summary>
public sealed class GeneratedNetworkTests
{
    public static TheoryData<string> Releases => GeneratedLabTests.Releases;

    public static TheoryData<string> NewReleases => ["2012", "2012R2", "2016", "2022", "2025"];

    private static bool IsOld(string release) => release is "pre2008" or "2008R2";

    [Theory, MemberData(nameof(Releases))]
    public async Task Ports_have_the_VLANs_described(string release)
    {
        var (described, reading) = await GeneratedReading.OfAsync(release);
        var wanted = described.Vms.SelectMany(v => v.Nics).Select(n => $"{n.Mac} {(IsOld(release) && n.SwitchId is null ? "Unknown  " : Vlan(n.PortVlan))}");
        var found = reading.Devices.Content!.NetworkAdapters!.Value
            .Select(n => $"{n.MacAddress} {Vlan(n.Vlan, n.VlanId, n.TrunkVlanIds, n.PrivateVlan, n.PrimaryVlanId, n.SecondaryVlanId)}");

        Assert.Contains(wanted, v => v.Contains("Trunk", StringComparison.Ordinal));
        Assert.Equal(wanted.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [Theory, MemberData(nameof(NewReleases))]
    public async Task Ports_have_the_features_described(string release)
    {
        var (described, reading) = await GeneratedReading.OfAsync(release);
        var wanted = described.Vms.SelectMany(v => v.Nics).Select(n =>
            $"{n.Mac} {n.AllowsMacSpoofing} {n.HasDhcpGuard} {n.HasRouterGuard} {n.AllowsTeaming} {n.MonitorMode} {n.Bandwidth?.Reservation} {n.Bandwidth?.Weight} {n.Bandwidth?.Limit} {n.VmqWeight} {n.SrIovWeight} "
            + (release == "2012" ? "" : $"{n.IsClusterMonitored}"));
        var found = reading.Devices.Content!.NetworkAdapters!.Value.Select(n =>
            $"{n.MacAddress} {n.AllowsMacSpoofing} {n.HasDhcpGuard} {n.HasRouterGuard} {n.AllowsTeaming} {n.MonitorMode} {n.MinimumBitsPerSecond} {n.BandwidthWeight} {n.MaximumBitsPerSecond} {n.VmqWeight} {n.SrIovWeight} {n.IsClusterMonitored}");

        Assert.Equal(wanted.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("pre2008"), InlineData("2008R2")]
    public async Task Port_features_that_an_old_release_cannot_say_are_null(string release)
    {
        var (described, reading) = await GeneratedReading.OfAsync(release);
        var adapters = reading.Devices.Content!.NetworkAdapters!.Value;
        var weights = described.Vms.SelectMany(v => v.Nics).Where(n => n.SwitchId is not null).ToDictionary(n => n.Mac, n => (int?)n.VmqWeight);

        Assert.All(adapters, n => Assert.Equal((null, null, null, null, null, null), (n.HasDhcpGuard, n.AllowsTeaming, n.MonitorMode, n.MaximumBitsPerSecond, n.SrIovWeight, n.IsClusterMonitored)));
        Assert.All(adapters.Where(n => n.SwitchId is not null), n => Assert.Equal(release == "2008R2" ? weights[n.MacAddress!] : null, n.VmqWeight));
    }

    [Theory, MemberData(nameof(Releases))]
    public async Task The_hosts_own_adapters_hang_on_the_switches_described(string release)
    {
        var (described, reading) = await GeneratedReading.OfAsync(release);
        var wanted = from one in described.Switches
                     from adapter in (IEnumerable<(string Name, LabVlan? Vlan)>)[.. one.IsSharedWithHost ? [(one.Name, one.HostVlan)] : Array.Empty<(string, LabVlan?)>(), .. one.HostAdapters.Select(a => (a.Name, a.Vlan))]
                     select $"{adapter.Name} {one.Id} {Vlan(adapter.Vlan)}";
        var adapters = reading.Switches.Content!.HostAdapters!.Value;
        var found = adapters.Select(a => $"{a.Name} {a.SwitchId?.ToLowerInvariant()} {Vlan(a.Vlan, a.VlanId, a.TrunkVlanIds, a.PrivateVlan, a.PrimaryVlanId, a.SecondaryVlanId)}");

        Assert.NotEmpty(wanted);
        Assert.Equal(wanted.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
        Assert.All(adapters, a => Assert.Matches("^[0-9A-F]{12}$", a.MacAddress));
    }

    [Theory, MemberData(nameof(NewReleases))]
    public async Task Switches_list_their_extensions_in_order_and_their_hardware(string release)
    {
        var (described, reading) = await GeneratedReading.OfAsync(release);

        foreach (var one in described.Switches)
        {
            var found = reading.Switches.Content!.Items.Single(s => s.Id.Equals(one.Id.ToString(), StringComparison.OrdinalIgnoreCase));
            Assert.Equal(["430BDADD-BAB0-41AB-A369-94B67FA5BE0A", "E7C3B2F0-F3C5-48DF-AF2B-10FED6D72E7A"], found.ExtensionList!.Value.Select(e => e.Id));
            Assert.Equal([!one.ExtensionsOff.Contains("430BDADD-BAB0-41AB-A369-94B67FA5BE0A"), true], found.ExtensionList.Value.Select(e => e.IsEnabled));
            Assert.Equal(one.Uplinks.IsEmpty ? 0 : 63, found.VmqCapacity);
            bool isTeam = one.Uplinks.Length > 1;
            Assert.Equal(isTeam ? (1, 5) : ((int?)null, (int?)null), (found.TeamingMode, found.TeamLoadBalancing));
            Assert.Equal(one.Uplinks.Order(), found.Uplinks!.Value.Select(u => u.AdapterId!.Value).Order());
        }
    }

    [Theory, MemberData(nameof(NewReleases))]
    public async Task Physical_adapters_have_the_settings_of_their_drivers(string release)
    {
        var (described, reading) = await GeneratedReading.OfAsync(release);
        var teamOf = described.Teams.SelectMany(t => t.Members.Select(m => (m, t.Name))).ToDictionary();
        var wanted = described.BindableNics.Select(n =>
            $"{n.Name} {n.IsConnected} {n.Mtu} {n.VlanId} {n.JumboPacket} {n.HasQueues && n.IsVmqEnabled} 63 True 8 {teamOf.GetValueOrDefault(n.Name)}");
        var found = reading.PhysicalNetwork.Content!.Items.Select(a =>
            $"{a.Name} {a.IsUp} {a.Mtu} {a.VlanId} {a.JumboPacket} {a.Vmq?.IsEnabled} {a.Vmq?.Queues} {a.Rss?.IsEnabled} {a.Rss?.MaximumProcessors} {a.Team}");

        Assert.Equal(wanted.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
        Assert.All(reading.PhysicalNetwork.Content.Items, a => Assert.NotNull(a.DriverProvider));
    }

    [Theory]
    [InlineData("2012"), InlineData("2012R2")]
    public async Task A_team_of_the_old_kind_is_read_with_members_mode_and_the_adapter_a_switch_is_bound_to(string release)
    {
        var (described, reading) = await GeneratedReading.OfAsync(release);
        var network = reading.PhysicalNetwork.Content!;
        var team = Assert.Single(network.Teams!.Value);

        Assert.Equal(["Ethernet 0", "Ethernet T"], team.Members.Order(StringComparer.Ordinal));
        Assert.Equal((1, 4), (team.Mode, team.LoadBalancing));
        Assert.Equal([new TeamInterface("Team A", true, null)], team.Interfaces!.Value);
        var own = network.Items.Single(a => a.Id == described.Teams[0].Adapter.Id);
        Assert.Contains("IMPLAT", own.ComponentId, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(own.Id, reading.Switches.Content!.Items.Single(s => s.Name == "Switch 0").Uplinks!.Value.Single().AdapterId);
    }

    [Theory, MemberData(nameof(Releases))]
    public async Task Interfaces_have_their_addresses_and_from_2012_on_their_size(string release)
    {
        var (described, reading) = await GeneratedReading.OfAsync(release);
        var configurations = reading.PhysicalNetwork.Content!.IpConfigurations!.Value;
        var hosts = reading.Switches.Content!.HostAdapters!.Value;

        Assert.All(hosts, h => Assert.Contains(configurations, c => c.AdapterId == h.AdapterId));
        Assert.All(configurations, c => Assert.StartsWith("192.168.", c.Addresses[0], StringComparison.Ordinal));
        Assert.All(configurations, c => Assert.Equal(["255.255.255.0", "64"], c.Subnets));
        Assert.Single(configurations, c => c.RegistersInDns == true && c.Gateways.SequenceEqual(["192.168.10.1"]) && c.DnsServers.SequenceEqual(["192.168.10.2"]));
        Assert.All(configurations, c => Assert.Equal(IsOld(release) ? (null, null) : (1500L, (bool?)false), (c.Mtu, c.IsForwarding)));
        Assert.Equal(described.Release, release);
    }

    [Theory, MemberData(nameof(Releases))]
    public async Task Guests_tell_what_was_pushed_and_how_services_are_switched_whether_they_run_or_not(string release)
    {
        var (described, reading) = await GeneratedReading.OfAsync(release);
        var guests = reading.Guests.Content!.Items.ToDictionary(g => g.VirtualMachineId);

        foreach (var vm in described.Vms)
        {
            var guest = guests[vm.Id];
            var timeSync = guest.Services.Single(s => s.Kind == IntegrationServiceKind.TimeSynchronization);
            Assert.Equal(!vm.ServicesOff.Contains("TimeSync"), timeSync.IsConfigured);
            Assert.Equal(vm.HasWorker ? !vm.ServicesOff.Contains("TimeSync") : null, timeSync.IsEnabled);
            Assert.Equal(release is not ("pre2008" or "2008R2" or "2012"), guest.Services.Any(s => s.Kind == IntegrationServiceKind.GuestServiceInterface));
            Assert.Equal(vm.HasWorker ? vm.Guest.CustomItems.OrderBy(i => i.Name, StringComparer.Ordinal).Select(i => new KeyValueItem(i.Name, i.Value)) : null, guest.CustomItems);
            int? application = vm.HasWorker && vm.Guest.Heartbeat == LabContact.Ok && release != "pre2008" ? vm.Guest.ApplicationCode : null;
            Assert.Equal(application, guest.ApplicationCode);
            Assert.Null(guest.HeartbeatLastOkAt);
        }
    }

    [Theory, MemberData(nameof(NewReleases))]
    public async Task Running_guests_have_addresses_per_adapter(string release)
    {
        var (described, reading) = await GeneratedReading.OfAsync(release);
        var settings = reading.Devices.Content!.NetworkAdapters!.Value.Select(n => n.Id).ToHashSet(StringComparer.OrdinalIgnoreCase);

        foreach (var vm in described.Vms)
        {
            var adapters = reading.Guests.Content!.Items.Single(g => g.VirtualMachineId == vm.Id).Adapters;
            if (vm.State != LabVmState.Running)
            {
                Assert.Null(adapters);
                continue;
            }

            Assert.Equal(vm.Nics.Where(n => !n.IsLegacy).Select(n => n.Address!).Order(StringComparer.Ordinal), adapters!.Value.SelectMany(a => a.Addresses).Order(StringComparer.Ordinal));
            Assert.All(adapters.Value, a => Assert.Contains(a.AdapterId, settings));
        }
    }

    [Theory, MemberData(nameof(Releases))]
    public async Task Memory_pressure_and_paging_are_read_where_the_release_says_them(string release)
    {
        var (described, reading) = await GeneratedReading.OfAsync(release);
        var numbers = reading.Performance.Content!.VirtualMachines.ToDictionary(p => p.VirtualMachineId);

        foreach (var vm in described.Vms)
        {
            Assert.Equal(release != "pre2008" && vm is { HasDynamicMemory: true, HasWorker: true } ? vm.MemoryBuffer : null, numbers[vm.Id].MemoryBufferPercent);
            Assert.Equal(IsOld(release) ? (null, null) : (vm.IsSmartPaging, (bool?)vm.SpansNumaNodes), (numbers[vm.Id].IsSmartPaging, numbers[vm.Id].SpansNumaNodes));
            Assert.Equal(release is "2016" or "2022" or "2025", reading.Guests.Content!.Items.Single(g => g.VirtualMachineId == vm.Id).IntegrationVersion is not null);
        }
    }

    [Theory, MemberData(nameof(Releases))]
    public async Task Counters_belong_to_running_VMs_and_are_null_where_the_release_has_no_class(string release)
    {
        var (described, reading) = await GeneratedReading.OfAsync(release);
        var counters = reading.Counters.Content!;

        Assert.InRange(counters.Host.ProcessorPercent!.Value, 0, 100);
        Assert.Equal(described.MemoryMb * 400 * 1024, counters.Host.FreeMemory!.Value.Bytes);
        if (release == "pre2008")
        {
            Assert.Equal((null, null, null), (counters.Host.NetworkBytesPerSecond, counters.Host.DiskBytesPerSecond, counters.VirtualMachines));
            return;
        }

        var running = described.Vms.Where(v => v.HasWorker).ToList();
        Assert.Equal(running.Select(v => v.Id).Order(), counters.VirtualMachines!.Value.Select(c => c.VirtualMachineId));
        foreach (var vm in running)
        {
            var numbers = counters.VirtualMachines.Value.Single(c => c.VirtualMachineId == vm.Id);
            bool hasDisks = vm.Controllers.SelectMany(c => c.Drives).Any(d => d is { Kind: LabDriveKind.Disk, Image: not null });
            Assert.NotNull(numbers.ProcessorPercent);
            Assert.Equal(vm.Nics.Any(n => !n.IsLegacy), numbers.NetworkBytesPerSecond is not null);
            Assert.Equal(hasDisks, numbers.DiskBytesPerSecond is not null);
            Assert.Equal(hasDisks && release is "2016" or "2022" or "2025" && hasDisks, numbers.DiskOperationsPerSecond is not null);
            Assert.Equal(vm.HasDynamicMemory, numbers.MemoryPressurePercent is not null);
        }
    }

    [Theory]
    [InlineData("2022"), InlineData("2012R2"), InlineData("2008R2")]
    public async Task Hosts_in_other_languages_tell_the_same_as_English_ones(string release)
    {
        var (_, english) = await GeneratedReading.OfAsync(release);

        foreach (var locale in (LabLocale[])[LabLocale.German, LabLocale.Japanese, LabLocale.French, LabLocale.Chinese])
        {
            var (_, other) = await GeneratedReading.OfAsync(release, locale);
            // Each lab begins at the full hour in which it is made, so only the dates may differ.
            // Extensions are known by their ids; Windows writes their names in its own language.
            static IEnumerable<VirtualSwitch> Undated(VirtualSwitchList list) => list.Items.Select(s => s with { CreatedAt = null, ExtensionList = [.. (s.ExtensionList ?? []).Select(e => e with { Name = null })] });
            Assert.Equal(Text(Undated(english.Switches.Content!)), Text(Undated(other.Switches.Content!)));
            Assert.Equal(Text(english.Switches.Content!.HostAdapters), Text(other.Switches.Content!.HostAdapters));
            Assert.Equal(Text(english.PhysicalNetwork.Content), Text(other.PhysicalNetwork.Content));
            Assert.Equal(Text(english.Guests.Content), Text(other.Guests.Content));
            Assert.Equal(Text(english.Counters.Content), Text(other.Counters.Content));
            static IEnumerable<NetworkAdapter> Unnamed(ImmutableArray<NetworkAdapter>? adapters) => adapters!.Value.Select(a => a with { Name = null });
            Assert.Equal(Text(Unnamed(english.Devices.Content!.NetworkAdapters)), Text(Unnamed(other.Devices.Content!.NetworkAdapters)));
        }
    }

    private static string Text<T>(T content) => JsonSerializer.Serialize(content, AgentJson.Indented);

    private static string Vlan(LabVlan? vlan) => vlan switch
    {
        null => "Untagged  ",
        { Mode: 1 } => $"Access {vlan.Id} ",
        { Mode: 2 } => $"Trunk {vlan.Id} {string.Join(',', vlan.Trunk)}",
        _ => $"Private  {(PrivateVlanMode)vlan.PrivateMode}/{vlan.Primary}/{vlan.Secondary}",
    };

    private static string Vlan(VlanMode mode, int? id, ImmutableArray<int> trunk, PrivateVlanMode kind, int? primary, int? secondary) =>
        $"{mode} {id} {string.Join(',', trunk)}{(mode == VlanMode.Private ? $"{kind}/{primary}/{secondary}" : "")}";
}
