using System.Security.Cryptography.X509Certificates;
using HyperVDash.Agent.Collect;
using HyperVDash.Agent.Collect.Dns;
using HyperVDash.Agent.Collect.Memory;
using HyperVDash.Cim;
using HyperVDash.Cim.Capture;
using HyperVDash.Cim.Mmi;
using HyperVDash.Cim.WsMan;
using HyperVDash.Model.Fleet;

namespace HyperVDash.Agent.Targets;

/// <summary>Opens the door that a target names.</summary>
public static class TargetSessions
{
    /// <summary>A capture file that cannot be used is a host that cannot be read.</summary>
    public static HostCollector Collector(TargetOptions target, string epoch, TimeProvider time, HostMemory? memory = null) =>
        Collector(target, () => Open(target, time), epoch, time, memory);

    /// <summary>Reads through a session of the caller's, e.g. one that records.</summary>
    public static HostCollector Collector(TargetOptions target, Func<ICimSession> open, string epoch, TimeProvider time, HostMemory? memory = null)
    {
        if (target.Door != "capture")
        {
            return new(target.Key, target.Door, target.Origin, Describe(target), open, target.Intervals with { Names = target.Intervals.Names ?? DnsResolver.OfThisComputer }, epoch, time, memory);
        }

        // The file tells how the host was read, so that the reading is the one that was taken there.
        CaptureFile file;
        try
        {
            file = CaptureFile.Open(target.File!);
        }
        catch (Exception damaged) when (damaged is CaptureException or IOException or UnauthorizedAccessException)
        {
            return new(target.Key, "capture", Origin.Capture, target.File!, () => throw new CaptureException(damaged.Message, damaged), target.Intervals, epoch, time);
        }

        var header = file.Header;
        var origin = header.Origin == "lab" ? Origin.Lab : Origin.Capture;
        return new(target.Key, header.Door ?? "capture", origin, header.Target ?? header.Host, () => new CaptureSession(file), target.Intervals, epoch, file.Clock) { CapturedAt = file.Clock.GetUtcNow() };
    }

    /// <exception cref="CaptureException">The target's capture file cannot be used.</exception>
    public static ICimSession Open(TargetOptions target, TimeProvider time) => target.Door switch
    {
        "capture" => new CaptureSession(CaptureFile.Open(target.File!)),
        "mmi" or "dcom" => new MmiSession(Mmi(target), time),
        _ => new WsManSession(WsMan(target), time),
    };

    public static WsManTarget WsMan(TargetOptions target)
    {
        X509Certificate2Collection? chain = null;
        return new(target.Url!)
        {
            Name = target.Place,
            SignIn = SignInMistakes.Way(target.SignIn),
            User = target.User,
            Password = target.ClientCertificate is null ? target.Password ?? Password(target) : null,
            Keytab = target.Keytab,
            TicketCache = target.TicketCache,
            Spn = target.Spn,
            ClientCertificate = target.ClientCertificate is null ? null : TargetCertificates.Own(target.ClientCertificate, Password(target), out chain),
            ClientCertificateChain = chain,
            AllowBasicOverHttp = target.AllowBasicOverHttp,
            CertificateThumbprint = target.CertificateThumbprint,
            CertificateAuthorities = target.CertificateAuthority is null ? null : TargetCertificates.Authorities(target.CertificateAuthority),
            AcceptAnyCertificate = target.AcceptAnyCertificate,
        };
    }

    public static MmiTarget Mmi(TargetOptions target) => new(target.Computer ?? target.Url?.Host)
    {
        Wire = target.Door == "dcom" ? MmiWire.Dcom : MmiWire.WsMan,
        UseSsl = target.Url?.Scheme == Uri.UriSchemeHttps,
        Port = target.Url is { IsDefaultPort: false } url ? url.Port : null,
        User = target.User,
        Password = target.Password ?? Password(target),
        AcceptAnyCertificate = target.AcceptAnyCertificate,
    };

    /// <summary>The password from where the settings say it is; null if there is none.</summary>
    internal static string? Password(TargetOptions target) =>
        target.PasswordFile is { } file ? File.ReadLines(file).FirstOrDefault()
        : target.PasswordEnv is { } name ? Environment.GetEnvironmentVariable(name) : null;

    /// <summary>Where the target leads, without a credential.</summary>
    public static string Describe(TargetOptions target) => target.Place ?? target.Url?.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) ?? target.Computer ?? Environment.MachineName;
}
