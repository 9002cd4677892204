using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Migration;

namespace HyperVDash.Agent.Collect.Migration;

/// <summary>How the host moves running VMs.</summary>
internal sealed class LiveMigrationReader() : SectionReader<LiveMigrationSettings>("liveMigration", r => r.LiveMigration, (r, s) => r with { LiveMigration = s })
{
    private static readonly TableQuery Settings = new(HostFacts.V2, "Msvm_VirtualSystemMigrationServiceSettingData",
        "InstanceID", "EnableVirtualSystemMigration", "MaximumActiveVirtualSystemMigration", "MaximumActiveStorageMigration", "AuthenticationType", "EnableCompression", "EnableSmbTransport")
    {
        Identity = "InstanceID",
        IsNeverEmpty = true,
    };

    private static readonly TableQuery Networks = new(HostFacts.V2, "Msvm_VirtualSystemMigrationNetworkSettingData", "InstanceID", "SubnetNumber", "PrefixLength", "Metric");

    public override bool NeedsHyperV => true;

    public override IEnumerable<TableQuery> Queries(HostFacts host) => host.IsV1 ? [] : [Settings, Networks];

    protected override SectionResult<LiveMigrationSettings> Read(SectionSources sources)
    {
        if (sources.Host.IsV1)
        {
            return SectionResult<LiveMigrationSettings>.Without(SectionState.Unsupported, @"root\virtualization has no settings of live migration; before 2012 only a cluster moves running VMs.");
        }

        var settings = sources.Tables[Settings];
        var networks = sources.Tables[Networks];
        if (settings.Error is { } error)
        {
            return SectionResult<LiveMigrationSettings>.Failed(error);
        }

        var row = settings.Rows[0];
        return SectionResult<LiveMigrationSettings>.Read(new()
        {
            IsEnabled = row.Boolean("EnableVirtualSystemMigration"),
            Authentication = row.Int32("AuthenticationType") switch
            {
                0 => MigrationAuthentication.CredSsp, 1 => MigrationAuthentication.Kerberos, null => null, _ => MigrationAuthentication.Unknown,
            },
            MaximumMigrations = row.Int32("MaximumActiveVirtualSystemMigration"),
            MaximumStorageMigrations = row.Int32("MaximumActiveStorageMigration"),
            UsesCompression = row.Boolean("EnableCompression"),
            UsesSmb = row.Boolean("EnableSmbTransport"),
            Networks = networks.IsKnown
                ?
                [
                    .. networks.Rows.Where(r => r.String("InstanceID") is not { } id || !InstanceId.IsTemplate(id)).OrderBy(r => r.Int64("Metric") ?? long.MaxValue)
                        .Select(Network).OfType<string>().Distinct(),
                ]
                : null,
        }, [Outcome.Gap("networks", networks)]);
    }

    private static string? Network(CimRow row) =>
        row.String("SubnetNumber") is { Length: > 0 } subnet ? row.Int32("PrefixLength") is { } length ? $"{Text.Cut(subnet)}/{length}" : Text.Cut(subnet) : null;
}
