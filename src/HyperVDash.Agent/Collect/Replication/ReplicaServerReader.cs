using HyperVDash.Agent.Collect.Tables;
using HyperVDash.Cim;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Replication;

namespace HyperVDash.Agent.Collect.Replication;

/// <summary>Whether and from whom the host takes replicas, and how those go that it sends.</summary>
internal sealed class ReplicaServerReader() : SectionReader<ReplicaServer>("replicaServer", r => r.ReplicaServer, (r, s) => r with { ReplicaServer = s })
{
    private static readonly TableQuery Settings = new(HostFacts.V2, "Msvm_ReplicationServiceSettingData",
        "InstanceID", "RecoveryServerEnabled", "AllowedAuthenticationType", "HttpPort", "HttpsPort", "CertificateThumbPrint")
    {
        Identity = "InstanceID",
        IsNeverEmpty = true,
    };

    private static readonly TableQuery Authorizations = new(HostFacts.V2, "Msvm_ReplicationAuthorizationSettingData", "InstanceID", "AllowedPrimaryHostSystem");

    public override bool NeedsHyperV => true;

    public override IEnumerable<TableQuery> Queries(HostFacts host) => host.IsV1 ? [] : [Settings, Authorizations, StatisticsQuestion.Service];

    /// <summary>One value more if a certificate is set: the certificate itself, which the machine's store keeps in the registry. Then the statistics of each VM.</summary>
    public override async Task FollowUpAsync(FollowUp follow, CancellationToken cancellationToken)
    {
        if (follow.Host.IsV1)
        {
            return;
        }

        await AskForCertificateAsync(follow, cancellationToken).ConfigureAwait(false);
        await StatisticsQuestion.AskAsync(follow, cancellationToken).ConfigureAwait(false);
    }

    private static async Task AskForCertificateAsync(FollowUp follow, CancellationToken cancellationToken)
    {
        if (Thumbprint(follow.Tables) is not { } thumbprint)
        {
            return;
        }

        var value = Certificate(thumbprint);
        var (reply, error) = await follow.CallAsync(value.Call(follow.Options.TableTimeout), cancellationToken).ConfigureAwait(false);
        follow.Tables.SetCall(value.Key, reply, error);
    }

    protected override SectionResult<ReplicaServer> Read(SectionSources sources)
    {
        var tables = sources.Tables;
        if (sources.Host.IsV1)
        {
            return SectionResult<ReplicaServer>.Without(SectionState.Unsupported, @"root\virtualization knows no Hyper-V Replica; it came with 2012.");
        }

        var settings = tables[Settings];
        var authorizations = tables[Authorizations];
        if (settings.Error is { } error)
        {
            return SectionResult<ReplicaServer>.Failed(error);
        }

        var row = settings.Rows[0];
        var certificate = Thumbprint(tables) is { } thumbprint ? Certificate(thumbprint) : null;
        DateTimeOffset? endsAt = certificate?.BytesOf(tables) is { } blob ? StoredCertificate.EndOf(blob) : null;
        return SectionResult<ReplicaServer>.Read(new()
        {
            IsEnabled = row.Boolean("RecoveryServerEnabled"),
            Authentication = row.Int32("AllowedAuthenticationType") switch
            {
                1 => ReplicaAuthentication.Kerberos, 2 => ReplicaAuthentication.Certificate, 3 => ReplicaAuthentication.Both, null => null, _ => ReplicaAuthentication.Unknown,
            },
            HttpPort = row.Int32("HttpPort"),
            HttpsPort = row.Int32("HttpsPort"),
            CertificateThumbprint = Text.Cut(row.String("CertificateThumbPrint")),
            CertificateEndsAt = endsAt,
            AllowedPrimaries = authorizations.IsKnown
                ?
                [
                    .. authorizations.Rows.Where(r => r.String("InstanceID") is not { } id || !InstanceId.IsTemplate(id)).Select(r => Text.Cut(r.String("AllowedPrimaryHostSystem")))
                        .OfType<string>().Where(p => p.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase),
                ]
                : null,
            Statistics = StatisticsQuestion.Read(tables, sources.Host, sources.Before.ReplicaServer.Content),
        }, [StatisticsQuestion.Gap(tables, sources.Host), Outcome.Gap("allowed primary servers", authorizations), WhyNotKnown(row, certificate, endsAt, tables) is { } why ? $"certificate: {why}" : null]);
    }

    /// <summary>Why nobody knows whether the store has the certificate that is set; null: none is set, or it is known.</summary>
    private static string? WhyNotKnown(CimRow row, RegistryValue? certificate, DateTimeOffset? endsAt, TableSet tables) =>
        certificate is null ? row.String("CertificateThumbPrint") is { Length: > 0 } ? "its thumbprint has not the 40 digits by which the store is asked." : null
        : endsAt is not null || certificate.Exists(tables) == false ? null
        : certificate.ErrorOf(tables) ?? (certificate.Exists(tables) == true ? "what the store has could not be decoded." : "the store was not read.");

    // Only hexadecimal digits go into the name of a key.
    private static string? Thumbprint(TableSet tables) =>
        tables[Settings].Rows.FirstOrDefault()?.String("CertificateThumbPrint") is { } text && string.Concat(text.Where(char.IsAsciiHexDigit)) is { Length: 40 } digits ? digits.ToUpperInvariant() : null;

    private static RegistryValue Certificate(string thumbprint) => RegistryValue.Bytes($@"SOFTWARE\Microsoft\SystemCertificates\MY\Certificates\{thumbprint}", "Blob");
}
