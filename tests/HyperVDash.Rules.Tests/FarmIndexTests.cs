using System.Collections.Immutable;
using CsCheck;
using HyperVDash.Model;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Rules.Tests;

/// <summary>What all hosts have by key, followed from reading to reading, is what a new look at all of them finds.</summary>
public sealed class FarmIndexTests
{
    private const int Hosts = 4;

    // Few names for many VMs, so that they meet on one host and on several.
    private static readonly Gen<(int Host, int[] Names)[]> Changes = Gen.Select(Gen.Int[0, Hosts], Gen.Int[0, 6].Array[0, 8]).Array[1, 12];

    private static readonly FarmJoin<string, VirtualMachine> ByName = new(["virtualMachines"], h => h.Whole.VirtualMachines.Content!.Items.Select(v => (v.Name, v)), StringComparer.OrdinalIgnoreCase);

    [Fact]
    public void After_any_changes_it_has_what_a_new_one_has() => Changes.Sample(
        changes =>
        {
            ImmutableArray<HostSubject> hosts = [.. Enumerable.Range(0, Hosts).Select(i => Host(i))];
            var index = new FarmIndex<string, VirtualMachine>(ByName);
            index.Follow(hosts);
            foreach (var (host, names) in changes)
            {
                var (version, before) = (index.Version, Keys(index, hosts.Length));
                // The last number stands for a host that comes or goes.
                hosts = host < Hosts ? hosts.SetItem(host % hosts.Length, Host(Numbered(hosts[host % hosts.Length]), names)) : hosts.Length > 1 ? hosts.RemoveAt(0) : hosts.Add(Host(9, names));
                index.Follow(hosts);
                var first = new FarmIndex<string, VirtualMachine>(ByName);
                first.Follow(hosts);

                Assert.Equal(Plain(hosts), Told(index));
                Assert.Equal(first.Several.Order(StringComparer.Ordinal), index.Several.Order(StringComparer.Ordinal));
                Assert.True(version != index.Version || before == Keys(index, hosts.Length), "Other keys, and the version stayed.");
            }
        },
        iter: 3000);

    [Fact]
    public void Of_a_name_it_has_the_things_in_the_order_of_hosts_and_rows()
    {
        var index = new FarmIndex<string, VirtualMachine>(ByName);
        index.Follow([Host(0, [1, 2, 1]), Host(1, [1])]);
        index.Follow([Host(0, [1, 1, 2]), Host(1, [1])]);

        Assert.Equal(["0/0", "0/1", "1/0"], index.At("VM1").Select(v => $"{v.Host}/{v.Item.Notes}"));
        Assert.Equal(["vm1"], index.Several);
    }

    [Fact]
    public void A_host_whose_section_is_the_very_same_is_not_asked_again()
    {
        int asked = 0;
        var join = new FarmJoin<string, bool>(["virtualMachines"], h =>
        {
            asked++;
            return [(h.Name, true)];
        });
        var index = new FarmIndex<string, bool>(join);
        var host = Host(0, [1]);
        index.Follow([host]);

        index.Follow([new HostSubject(host.Whole with { Guests = Sample.Read(host.Whole.Guests.Content!) }, host)]);
        Assert.Equal(1, asked);
        index.Follow([Host(0, [1])]);

        Assert.Equal(2, asked);
    }

    [Fact]
    public void After_a_join_that_failed_half_way_it_has_what_a_new_one_has()
    {
        bool fails = false;
        var index = new FarmIndex<string, bool>(new(["virtualMachines"], h => fails && h.Whole.Key == "h1" ? throw new InvalidOperationException() : h.Whole.VirtualMachines.Content!.Items.Select(v => (v.Name, true))));
        HostSubject first = Host(0, [1]), second = Host(1, [2]);
        index.Follow([first, second]);
        fails = true;
        // One that a host is read anew in, and one that a host joins in.
        Assert.Throws<InvalidOperationException>(() => index.Follow([Host(0, [3]), Host(1, [4])]));
        fails = false;
        index.Follow([first, second]);
        Assert.Equal((true, true, false), (index.Has("vm1"), index.Has("vm2"), index.Has("vm3")));

        fails = true;
        Assert.Throws<InvalidOperationException>(() => index.Follow([first, second, Host(2, [5])]));
        fails = false;
        index.Follow([first, second]);

        Assert.Equal((true, true, false), (index.Has("vm1"), index.Has("vm2"), index.Has("vm5")));
    }

    [Fact]
    public void What_nobody_asked_for_is_forgotten_only_after_a_look_in_which_every_rule_is_asked()
    {
        var memory = new FarmMemory();
        ImmutableArray<HostSubject> hosts = [Host(0, [1])];
        memory.Begin(isEveryRuleAsked: true);
        var (index, kept) = (memory.Index(ByName, hosts), memory.Kept<string, int>(this));

        memory.Begin(isEveryRuleAsked: false);
        memory.Begin(isEveryRuleAsked: true);
        Assert.Same(index, memory.Index(ByName, hosts));
        Assert.Same(kept, memory.Kept<string, int>(this));
        memory.Begin(isEveryRuleAsked: true);
        memory.Begin(isEveryRuleAsked: true);

        Assert.NotSame(index, memory.Index(ByName, hosts));
        Assert.NotSame(kept, memory.Kept<string, int>(this));
    }

    [Fact]
    public void A_result_holds_until_a_host_it_rests_on_is_read_anew_or_gets_too_old()
    {
        var memory = new FarmMemory();
        var settings = new RuleSettings();
        HostSubject a = Host(0, [1]), b = Host(1, [1]);
        int made = 0;

        int Look(DateTimeOffset now, params HostSubject[] hosts) =>
            memory.Kept<string, int>(this).Of("key", hosts, 0, new RuleContext(now, settings), () => ++made);

        Assert.Equal(1, Look(Sample.Now, a, b));
        Assert.Equal(1, Look(Sample.Now.AddSeconds(1), a, b));
        Assert.Equal(2, Look(Sample.Now.AddSeconds(1), a, Host(1, [1])));
        Assert.Equal(3, Look(Sample.Now.AddSeconds(1), a));
        Assert.Equal(4, Look(Sample.Now, a));
        Assert.Equal(5, Look(a.StaleAt("virtualMachines")!.Value, a));
        settings = new RuleSettings();
        Assert.Equal(6, Look(a.StaleAt("virtualMachines")!.Value, a));
    }

    private static IEnumerable<string> Told(FarmIndex<string, VirtualMachine> index) => Enumerable.Range(0, 7).Select(n => $"vm{n}").Select(n => $"{n}: {string.Join(' ', index.At(n).Select(v => $"{v.Host}/{v.Item.Notes}"))} {index.Has(n)}");

    private static IEnumerable<string> Plain(ImmutableArray<HostSubject> hosts) => Enumerable.Range(0, 7).Select(n => $"vm{n}")
        .Select(n => (Name: n, Vms: hosts.SelectMany((h, i) => h.Whole.VirtualMachines.Content!.Items.Where(v => v.Name == n).Select(v => $"{i}/{v.Notes}")).ToList()))
        .Select(n => $"{n.Name}: {string.Join(' ', n.Vms)} {n.Vms.Count > 0}");

    private static string Keys(FarmIndex<string, VirtualMachine> index, int hosts)
    {
        var keys = new List<string>();
        for (int host = 0; host < hosts; host++)
        {
            keys.Add("|");
            foreach (var (key, _) in index.Of(host))
            {
                keys.Add(key);
            }
        }

        return string.Join(' ', keys);
    }

    private static int Numbered(HostSubject host) => int.Parse(host.Whole.Key[1..], System.Globalization.CultureInfo.InvariantCulture);

    private static HostSubject Host(int number, params int[] names) => new(Sample.Host with
    {
        Key = $"h{number}", Id = $"id-{number}",
        VirtualMachines = Sample.Read(new VirtualMachineList { Items = [.. names.Select((n, i) => Sample.Vm with { Id = new Guid(number, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte)i), Name = $"vm{n}", Notes = $"{i}" })] }),
    });
}
