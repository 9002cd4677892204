using System.Collections.Immutable;
using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Switches;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Switches;

public sealed class SwitchCreatedByRoleWizard : Rule<SwitchSubject>
{
    private static readonly TimeSpan Near = TimeSpan.FromMinutes(15);

    public override RuleCard Card { get; } = new("HVD203", "switch-created-by-role-wizard", RuleScope.Switch, RuleKind.Configuration)
    {
        Title = "Switch of a cluster node looks as created by the role-installation wizard",
        Why = "Before its release such a switch had to be deleted and made anew before it worked inside a cluster. Today the harm is its name, which holds the adapter and so differs on every node.",
        Fix = "From 2012 on rename it; before, note its VMs, delete it and make it anew under the farm's name.",
        Quiet = "A stand-alone host; tag switch:accepted. Whether every node has this name is told by HVD201, not looked at here: a host does not see the others.",
        Sections = ["switches", "cluster", "operatingSystem"],
        Mentions = ["physicalNetwork"],
        Severities = [Severity.Info, Severity.Warning],
        Confidence = 0.5,
        Origin = "Field notes of December 2007, second post, item 2",
    };

    public override IEnumerable<Verdict> Examine(SwitchSubject subject, RuleContext context)
    {
        if (Unreadable(subject.Host, context, "switches", "cluster") is { } unreadable)
        {
            yield return unreadable;
            yield break;
        }

        if (context.Settings.HasTag(subject.Identity.Id, "switch:accepted"))
        {
            yield return NotFor("Tagged switch:accepted.");
            yield break;
        }

        var addedAt = Unreadable(subject.Host, context, "operatingSystem") is null ? subject.Host.Reading.OperatingSystem.Content!.RoleAddedAt : null;
        string? adapter = AdapterInName(subject);
        bool isNearInTime = subject.Switch.CreatedAt is { } createdAt && addedAt is { } role && (createdAt - role).Duration() <= Near;
        yield return adapter is not null || isNearInTime
            ? Fire(subject, adapter, addedAt)
            : subject.Switch.Uplinks is null ? NotSaid("switches", "what the switch is bound to")
            // Connection names are the other half of what the wizard writes.
            : !subject.Switch.Uplinks.Value.IsEmpty && Unreadable(subject.Host, context, "physicalNetwork") is { } unread ? unread
            // Switches of the older namespace tell no time: there the name decides alone.
            : subject.Switch.CreatedAt is null ? Verdict.Passed
            : Unreadable(subject.Host, context, "operatingSystem") ?? (addedAt is null ? NotSaid("operatingSystem", "when the role was added") : Verdict.Passed);
    }

    // Only the adapter's part of the name: the rest of what the wizard writes is translated.
    private static string? AdapterInName(SwitchSubject subject) => (subject.Switch.Uplinks ?? [])
        .SelectMany(u => new[] { u.Description, subject.Host.Reading.PhysicalNetwork.Content?.Items.FirstOrDefault(a => a.Id is not null && a.Id == u.AdapterId)?.Name })
        .OfType<string>()
        .FirstOrDefault(d => d.Length > 0 && subject.Switch.Name.StartsWith(d + " - ", StringComparison.OrdinalIgnoreCase));

    private static Verdict.Fire Fire(SwitchSubject subject, string? adapter, DateTimeOffset? addedAt)
    {
        var host = subject.Host;
        string name = VisibleText.Of(subject.Switch.Name);
        return new("wizard", host.Profile?.Profile.IsPreRelease == true ? Severity.Warning : Severity.Info,
            adapter is not null ? $"Switch '{name}' on {host.Name} carries the name of its adapter" : $"Switch '{name}' on {host.Name} was made together with the role")
        {
            Impact = "Its name differs from node to node, so clustered VMs do not find it.",
            Remedy = Mend(host, RemedyRisk.Online, "Give it the farm's name; VMs keep their connection. Then refresh the clustered configuration of its VMs.",
                $"Note the VMs on '{name}', delete it in Virtual Network Manager, create it anew under the farm's name and connect the VMs to it.",
                PowerShell.Line($"Rename-VMSwitch -ComputerName {host} -Name {subject.Switch.Name} -NewName <name>")),
            Evidence =
            [
                Fact(host, "switches", "Switch", name, "a name of the farm's own", "ElementName"),
                Fact(host, "switches", "Uplink", string.Join(", ", (subject.Switch.Uplinks ?? []).Select(u => u.Description))),
                Fact(host, "switches", "Switch made", subject.Switch.CreatedAt?.ToString("u"), null, "Msvm_VirtualEthernetSwitchSettingData.CreationTime"),
                Fact(host, "operatingSystem", "Role added", addedAt?.ToString("u"), null, "CIM_DataFile.CreationDate"),
            ],
        };
    }

    public override ImmutableArray<Example<SwitchSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "a switch named after its adapter on a pre-release node", Switch("Broadcom NetXtreme Gigabit Ethernet - Virtual Network", 6001, null, null)),
        Fires(Severity.Info, "a switch made 15 minutes after the role", Switch("Prod", 20348, Sample.Now, Sample.Now.AddMinutes(15))),
        CannotTell("a host that does not say when the role was added", Switch("Prod", 20348, null, Sample.Now)),
        Skips("a switch that the lab accepts", Switch("Broadcom NetXtreme Gigabit Ethernet - Virtual Network", 20348, null, null), Given.Tagged("switch:accepted", $"{Sample.Host.Id}/{Sample.Switch.Id}".ToLowerInvariant())),
        Passes("a switch made a second later than that", Switch("Prod", 20348, Sample.Now, Sample.Now.AddMinutes(15).AddSeconds(1))),
        Passes("a switch made months after the role", Switch("Prod", 20348, Sample.Now.AddDays(-200), Sample.Now)),
        Skips("a stand-alone host", new(Sample.Switch, new(Sample.Host))),
        CannotTell("a switch whose ports were not read", new(Sample.Switch with { Uplinks = null, CreatedAt = null }, new(Sample.Host with { Cluster = Sample.Read(new ClusterView { Id = "c", Name = "LAB" }) }))),
    ];

    private static SwitchSubject Switch(string name, int build, DateTimeOffset? role, DateTimeOffset? created) => new(
        Sample.Switch with { Name = name, CreatedAt = created, Uplinks = [new SwitchUplink { Description = "Broadcom NetXtreme Gigabit Ethernet" }] },
        new(Sample.Host with
        {
            Cluster = Sample.Read(new ClusterView { Id = "c", Name = "LAB" }),
            OperatingSystem = Sample.Read(new Model.Hosts.HostOperatingSystem { Build = build, BuildLab = build == 6001 ? "6001.16659.x" : null, RoleAddedAt = role }),
        }));
}
