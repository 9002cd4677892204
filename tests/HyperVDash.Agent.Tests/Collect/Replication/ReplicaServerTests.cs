using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HyperVDash.Agent.Collect.Replication;
using HyperVDash.Model.Fleet;
using HyperVDash.Model.Replication;

namespace HyperVDash.Agent.Tests.Collect.Replication;

public sealed class ReplicaServerTests
{
    private const string Store = @"SOFTWARE\Microsoft\SystemCertificates\MY\Certificates";
    private static readonly DateTimeOffset End = new(2026, 12, 24, 0, 0, 0, TimeSpan.Zero);

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest("CN=hv01", key, HashAlgorithmName.SHA256).CreateSelfSigned(End.AddYears(-1), End);
    }

    private static byte[] Property(int number, byte[] content) => [.. BitConverter.GetBytes(number), 1, 0, 0, 0, .. BitConverter.GetBytes(content.Length), .. content];

    private static void AddSettings(HandMadeHost host, string? thumbprint) => host.Add(HandMadeHost.V2, new("Msvm_ReplicationServiceSettingData")
    {
        ["InstanceID"] = @"Microsoft:HAND\HVR", ["RecoveryServerEnabled"] = true, ["AllowedAuthenticationType"] = 2, ["HttpPort"] = 80, ["HttpsPort"] = 443, ["CertificateThumbPrint"] = thumbprint,
    });

    [Fact]
    public async Task The_end_of_the_certificate_comes_from_the_store_of_the_machine()
    {
        using var certificate = Certificate();
        await using var host = new HandMadeHost("2022", "20348");
        AddSettings(host, certificate.Thumbprint.ToLowerInvariant());
        host.Add(HandMadeHost.V2, new("Msvm_ReplicationAuthorizationSettingData") { ["InstanceID"] = @"Microsoft:HAND\HVR\0", ["AllowedPrimaryHostSystem"] = "*" });
        host.Key($@"{Store}\{certificate.Thumbprint}")["Blob"] = (byte[])[.. Property(3, certificate.GetCertHash()), .. Property(32, certificate.RawData)];

        var replica = (await host.ReadAsync("replicaServer")).ReplicaServer;

        Assert.Equal(SectionState.Complete, replica.Attempt.State);
        Assert.Equal((true, ReplicaAuthentication.Certificate, 443, (DateTimeOffset?)End), (replica.Content!.IsEnabled, replica.Content.Authentication, replica.Content.HttpsPort, replica.Content.CertificateEndsAt));
        Assert.Equal(["*"], replica.Content.AllowedPrimaries!.Value);
    }

    [Fact]
    public async Task A_store_that_may_not_be_read_is_said()
    {
        using var certificate = Certificate();
        await using var host = new HandMadeHost("2022", "20348");
        AddSettings(host, certificate.Thumbprint);
        host.DeniedKeys.Add($@"{Store}\{certificate.Thumbprint}");

        var replica = (await host.ReadAsync("replicaServer")).ReplicaServer;

        Assert.Equal(SectionState.Partial, replica.Attempt.State);
        Assert.StartsWith("certificate: ", replica.Attempt.Reason, StringComparison.Ordinal);
        Assert.Null(replica.Content!.CertificateEndsAt);
    }

    [Fact]
    public async Task A_thumbprint_that_the_store_cannot_be_asked_by_is_said()
    {
        await using var host = new HandMadeHost("2022", "20348");
        AddSettings(host, "not a thumbprint");

        var replica = (await host.ReadAsync("replicaServer")).ReplicaServer;

        Assert.Equal(SectionState.Partial, replica.Attempt.State);
        Assert.Contains("certificate: its thumbprint", replica.Attempt.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_the_store_does_not_have_is_known_to_be_missing()
    {
        using var certificate = Certificate();
        await using var host = new HandMadeHost("2022", "20348");
        AddSettings(host, certificate.Thumbprint);
        host.Add(HandMadeHost.V2, new("Msvm_ReplicationAuthorizationSettingData") { ["InstanceID"] = @"Microsoft:HAND\HVR\0", ["AllowedPrimaryHostSystem"] = "*" });

        var replica = (await host.ReadAsync("replicaServer")).ReplicaServer;

        Assert.Equal(SectionState.Complete, replica.Attempt.State);
        Assert.Null(replica.Content!.CertificateEndsAt);
    }

    [Fact]
    public async Task A_certificate_whose_bytes_cannot_be_decoded_is_said()
    {
        using var certificate = Certificate();
        await using var host = new HandMadeHost("2022", "20348");
        AddSettings(host, certificate.Thumbprint);
        host.Key($@"{Store}\{certificate.Thumbprint}")["Blob"] = Property(32, [1, 2, 3]);

        var replica = (await host.ReadAsync("replicaServer")).ReplicaServer;

        Assert.Equal(SectionState.Partial, replica.Attempt.State);
        Assert.Contains("certificate: what the store has", replica.Attempt.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_no_certificate_end_nowhere()
    {
        using var certificate = Certificate();
        byte[] whole = Property(32, certificate.RawData);

        Assert.Equal(End, StoredCertificate.EndOf(whole));
        Assert.Null(StoredCertificate.EndOf([]));
        Assert.Null(StoredCertificate.EndOf(whole.AsSpan(0, whole.Length - 1)));
        Assert.Null(StoredCertificate.EndOf(Property(32, [1, 2, 3])));
        Assert.Null(StoredCertificate.EndOf(Property(3, certificate.RawData)));
        Assert.Null(StoredCertificate.EndOf([32, 0, 0, 0, 1, 0, 0, 0, 255, 255, 255, 255, 1]));
    }
}
