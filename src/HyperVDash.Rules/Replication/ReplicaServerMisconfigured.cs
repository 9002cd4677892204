using System.Collections.Immutable;
using System.Globalization;
using HyperVDash.Model;
using HyperVDash.Model.Clusters;
using HyperVDash.Model.Findings;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Replication;
using HyperVDash.Model.VirtualMachines;
using HyperVDash.Rules.Clusters;
using HyperVDash.Rules.Engine;
using HyperVDash.Rules.Examples;

namespace HyperVDash.Rules.Replication;

public sealed class ReplicaServerMisconfigured : Rule<HostSubject>, IExamines<ClusterSubject>
{
    private const string Broker = "Virtual Machine Replication Broker";
    private const string AnyServer = "*";

    public override RuleCard Card { get; } = new("HVD004", "replica-server-config", RuleScope.Host, RuleKind.Configuration)
    {
        Title = "Replica server or authentication is misconfigured",
        Why = "Replication stops, or anybody may send copies to the host.",
        Fix = "Switch the replica server on, give it a certificate that holds, name the servers that may send, and give a cluster its broker.",
        Quiet = "A host that takes no replicas and has none. Whether its port can be reached from the other side is not tried. That a certificate is needed rests on a number that is not confirmed, so its absence is a warning.",
        Sections = ["replicaServer", "virtualMachines", "operatingSystem"],
        Mentions = ["cluster"],
        Severities = [Severity.Warning, Severity.Error, Severity.Critical],
        Origin = "Best Practices Analyzer for Hyper-V, rules 37, 38, 43, 44 and 49",
    };

    public override IEnumerable<Verdict> Examine(HostSubject subject, RuleContext context)
    {
        if ((Unreadable(subject, context, "operatingSystem", "virtualMachines") ?? Without(subject) ?? Unreadable(subject, context, "replicaServer")) is { } early)
        {
            yield return early;
            yield break;
        }

        var server = subject.Reading.ReplicaServer.Content!;
        var replicas = subject.Reading.VirtualMachines.Content!.Items.Where(v => v.Replication?.Mode is ReplicationMode.Replica or ReplicationMode.ExtendedReplica).ToList();
        if (server.IsEnabled is not { } isEnabled)
        {
            yield return NotSaid("replicaServer", "whether it takes replicas");
            yield break;
        }

        if (!isEnabled)
        {
            yield return replicas.Count == 0 ? Verdict.Passed : Fire(subject, server, "off", Severity.Critical, $"{subject.Name} holds {replicas.Count} replica{(replicas.Count == 1 ? "" : "s")} and takes none");
            yield break;
        }

        var verdicts = Certificate(subject, context, server).Concat(Openness(subject, server)).ToList();
        foreach (var verdict in verdicts.DefaultIfEmpty(Verdict.Passed))
        {
            yield return verdict;
        }
    }

    public IEnumerable<Verdict> Examine(ClusterSubject subject, RuleContext context)
    {
        if (ClusterFacts.Gap(subject, h => Unreadable(h, context, "cluster")) is { } unread)
        {
            yield return unread;
            yield break;
        }

        var hosts = subject.Hosts.Where(h => Unreadable(h, context, "operatingSystem", "virtualMachines") is null && h.Profile?.Profile.Capabilities.Replica == true).ToList();
        var clustered = (subject.Cluster.VirtualMachines ?? []).Select(v => v.VirtualMachineId).ToHashSet();
        var takers = hosts.FindAll(h => Unreadable(h, context, "replicaServer") is null && h.Reading.ReplicaServer.Content!.IsEnabled == true);
        var replicated = hosts.SelectMany(h => h.Reading.VirtualMachines.Content!.Items.Where(v => v.Replication is not null && clustered.Contains(v.Id)).Select(v => new VirtualMachineSubject(v, h))).ToList();
        yield return takers.Count == 0 && replicated.Count == 0 ? Unseen(subject, context) as Verdict ?? NotFor("No node takes replicas, and no clustered VM is replicated.")
            : subject.Cluster.Resources is not { } resources ? NotSaid("cluster", "its resources")
            : resources.Any(r => Broker.Equals(r.Type, StringComparison.OrdinalIgnoreCase)) ? Verdict.Passed
            : WithoutBroker(subject, takers, replicated);
    }

    /// <summary>A node that may take replicas, or run a VM that has some.</summary>
    private static Verdict.Unknown? Unseen(ClusterSubject subject, RuleContext context) =>
        ClusterFacts.Unseen(subject, h => Unreadable(h, context, "operatingSystem", "virtualMachines") ?? Without(h) ?? Unreadable(h, context, "replicaServer"), "replicaServer");

    private static Verdict? Without(HostSubject host) =>
        host.Profile is not { } profile ? NotSaid("operatingSystem", "its build")
        : profile.Profile.Capabilities.Replica ? null
        : NotFor("This release has no replicas.");

    private static IEnumerable<Verdict> Certificate(HostSubject host, RuleContext context, ReplicaServer server)
    {
        if (server.Authentication is null or ReplicaAuthentication.Unknown)
        {
            yield return NotSaid("replicaServer", "how it knows other servers") with { Variant = "authentication" };
        }

        if (server.CertificateThumbprint is not { } thumbprint)
        {
            if (server.Authentication is ReplicaAuthentication.Certificate or ReplicaAuthentication.Both)
            {
                yield return NotSaid("replicaServer", "which certificate it uses") with { Variant = "noCertificate" };
            }
        }
        else if (thumbprint.Length == 0)
        {
            if (server.Authentication is ReplicaAuthentication.Certificate or ReplicaAuthentication.Both)
            {
                yield return Fire(host, server, "noCertificate", Severity.Warning, $"{host.Name} takes replicas by certificate, and none is set");
            }
        }
        else if (server.CertificateEndsAt is not { } ends)
        {
            yield return Fire(host, server, "certificateGone", Severity.Error, $"The store of {host.Name} has no certificate {VisibleText.Of(thumbprint)} that can be read");
        }
        else if (context.Reached(ends))
        {
            yield return Fire(host, server, "certificate", Severity.Error, $"The certificate with which {host.Name} takes replicas ended on {ends:yyyy-MM-dd}");
        }
        else if (context.Passed(ends.AddDays(-context.Settings.CertificateWarnDays)))
        {
            yield return Fire(host, server, "certificate", Severity.Warning, $"The certificate with which {host.Name} takes replicas ends on {ends:yyyy-MM-dd}");
        }
    }

    private static IEnumerable<Verdict> Openness(HostSubject host, ReplicaServer server)
    {
        if (server.Authentication is ReplicaAuthentication.Kerberos or ReplicaAuthentication.Both)
        {
            yield return Fire(host, server, "http", Severity.Warning, $"{host.Name} takes replicas over HTTP, which is not encrypted");
        }

        if (server.AllowedPrimaries is not { } primaries)
        {
            yield return NotSaid("replicaServer", "which servers may send") with { Variant = "anyServer" };
        }
        else if (primaries.Contains(AnyServer))
        {
            yield return Fire(host, server, "anyServer", Severity.Warning, $"{host.Name} takes replicas from any server");
        }
    }

    private static Verdict.Fire WithoutBroker(ClusterSubject subject, List<HostSubject> takers, List<VirtualMachineSubject> replicated)
    {
        var host = takers.FirstOrDefault() ?? replicated[0].Host;
        return new("broker", Severity.Error, $"{subject.Cluster.Name} takes part in replication and has no {Broker}")
        {
            Impact = "Replication stops when a VM or its replica moves to another node.",
            Remedy = Mend(host, RemedyRisk.Online, $"Give {subject.Cluster.Name} the role {Broker}, with a name and an address of its own, and let the other side send to that name.", "",
                PowerShell.Line($"Add-ClusterServerRole -Cluster {subject.Cluster.Name} -Name <broker> -StaticAddress <address>"),
                PowerShell.Line($"Add-ClusterResource -Cluster {subject.Cluster.Name} -Name {Broker} -Type {Broker} -Group <broker>")),
            Evidence =
            [
                .. takers.Take(16).Select(h => Fact(h, "replicaServer", $"{h.Name} takes replicas", "yes", null, "Msvm_ReplicationServiceSettingData.RecoveryServerEnabled")),
                .. replicated.Take(10).Select(v => Fact(v.Host, "virtualMachines", VisibleText.Of(v.Vm.Name), v.Vm.Replication!.Mode.ToString(), null, "Msvm_ComputerSystem.ReplicationMode")),
                Fact(host, "cluster", Broker, "none", "one", "MSCluster_Resource.Type"),
            ],
            Affected = [.. replicated.Select(v => new AffectedObject(AffectedRole.Impacted, v.Identity))],
        };
    }

    private static Verdict.Fire Fire(HostSubject host, ReplicaServer server, string variant, Severity severity, string title) => new(variant, severity, title)
    {
        Impact = variant switch
        {
            "off" or "certificate" or "certificateGone" or "noCertificate" => "Nothing is copied to it, or soon nothing will be.",
            "http" => "Whoever listens on the network reads the disks.",
            _ => "Whoever reaches the host can fill its disks.",
        },
        Remedy = variant switch
        {
            "off" => Mend(host, RemedyRisk.Online, $"Switch the replica server of {host.Name} on.", "", PowerShell.Line($"Set-VMReplicationServer -ComputerName {host} -ReplicationEnabled {true} -AllowedAuthenticationType Certificate -CertificateThumbprint <thumbprint>")),
            "anyServer" => Mend(host, RemedyRisk.Online, $"Name the servers that may send to {host.Name}, then take the entry for all away.", "",
                PowerShell.Line($"New-VMReplicationAuthorizationEntry -ComputerName {host} -AllowedPrimaryServer <server> -ReplicaStorageLocation <folder> -TrustGroup <group>"), PowerShell.Line($"Remove-VMReplicationAuthorizationEntry -ComputerName {host} -AllowedPrimaryServer '*'")),
            _ => Mend(host, RemedyRisk.Online, $"Give {host.Name} a certificate that holds, and let it take replicas by certificate.", "", PowerShell.Line($"Set-VMReplicationServer -ComputerName {host} -AllowedAuthenticationType Certificate -CertificateThumbprint <thumbprint>")),
        },
        Evidence =
        [
            Fact(host, "replicaServer", "Takes replicas", server.IsEnabled == true ? "yes" : "no", variant == "off" ? "yes" : null, "Msvm_ReplicationServiceSettingData.RecoveryServerEnabled"),
            Fact(host, "replicaServer", "Knows other servers by", server.Authentication?.ToString(), variant is "http" ? "Certificate" : null, "Msvm_ReplicationServiceSettingData.AllowedAuthenticationType"),
            Fact(host, "replicaServer", "Certificate", server.CertificateThumbprint is { } thumbprint ? thumbprint.Length > 0 ? VisibleText.Of(thumbprint) : "none" : null, variant == "noCertificate" ? "one" : null, "Msvm_ReplicationServiceSettingData.CertificateThumbPrint"),
            Fact(host, "replicaServer", "Certificate ends", server.CertificateEndsAt?.ToString("u", CultureInfo.InvariantCulture), variant is "certificate" or "certificateGone" ? "in a month or later" : null, "registry SystemCertificates\\MY"),
            Fact(host, "replicaServer", "Servers that may send", server.AllowedPrimaries is { } primaries ? primaries.IsEmpty ? "none" : string.Join(", ", primaries.Take(10).Select(p => VisibleText.Of(p))) : null, variant == "anyServer" ? "named ones" : null, "Msvm_ReplicationAuthorizationSettingData.AllowedPrimaryHostSystem"),
        ],
    };

    public override ImmutableArray<RuleCase> Cases => [.. base.Cases, .. ClusterExamples.Select(e => RuleCase.Of(this, e))];

    public override ImmutableArray<Example<HostSubject>> Examples { get; } =
    [
        Fires(Severity.Warning, "a certificate that ends in six days", Host(Takes(6), Replica)),
        Passes("a host that takes none and has none", Host(new() { IsEnabled = false })),
        Fires(Severity.Critical, "replicas on a host that takes none", Host(new() { IsEnabled = false }, Replica)),
        Passes("a certificate that ends in exactly 30 days", Host(Takes(30), Replica)),
        Fires(Severity.Warning, "a certificate that ends in 29 days", Host(Takes(29), Replica)),
        Fires(Severity.Error, "a certificate that ends now", Host(Takes(0), Replica)),
        Fires(Severity.Error, "a certificate that the store does not have", Host(Takes(90) with { CertificateEndsAt = null }, Replica)),
        Fires(Severity.Warning, "by certificate, and none is set", Host(Takes(90) with { CertificateThumbprint = "", CertificateEndsAt = null })),
        Fires(Severity.Warning, "any server may send", Host(Takes(90) with { AllowedPrimaries = ["*"] })),
        Fires(Severity.Warning, "by Kerberos, over HTTP", Host(Takes(90) with { Authentication = ReplicaAuthentication.Kerberos })),
        Skips("2008 R2", new(Given.Host("2008R2") with { ReplicaServer = Sample.Failed<ReplicaServer>(SectionState.Unsupported, "came with 2012") })),
        CannotTell("a host that does not say whether it takes replicas", Host(new())),
        CannotTell("a host that does not say which certificate it uses", Host(Takes(90) with { CertificateThumbprint = null, CertificateEndsAt = null })),
        CannotTell("settings that could not be read", new(Given.Host() with { ReplicaServer = Sample.Failed<ReplicaServer>(SectionState.Denied, "no right") })),
    ];

    private static ImmutableArray<Example<ClusterSubject>> ClusterExamples { get; } =
    [
        new("a cluster whose node takes replicas, without a broker", Cluster(Takes(90), []), "fires Error"),
        new("the same, with a broker", Cluster(Takes(90), [new("Broker", Broker, ClusterResourceState.Online)]), "passes"),
        new("a cluster without replication", Cluster(new() { IsEnabled = false }, []), "does not apply to"),
        new("a cluster whose resources were not read", Cluster(Takes(90), null), "cannot tell for"),
    ];

    private static VirtualMachine Replica => Sample.Vm with { State = VirtualMachineState.Off, Replication = new() { Mode = ReplicationMode.Replica } };

    private static ReplicaServer Takes(int days) => new()
    {
        IsEnabled = true, Authentication = ReplicaAuthentication.Certificate, CertificateThumbprint = "AB12", CertificateEndsAt = Sample.Now.AddDays(days), AllowedPrimaries = ["hv1.corp.example"],
    };

    private static HostSubject Host(ReplicaServer server, params VirtualMachine[] vms) => new(Given.Host().With(vms) with { ReplicaServer = Sample.Read(server) });

    private static ClusterSubject Cluster(ReplicaServer server, ImmutableArray<ClusterResource>? resources) =>
        Given.Cluster(Given.Host().With(new ClusterView { Id = "c", Name = "LAB", VirtualMachines = [], Resources = resources }) with { ReplicaServer = Sample.Read(server) });
}
