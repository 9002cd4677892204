using HyperVDash.Agent.Collect;
using HyperVDash.Cim;
using HyperVDash.Cim.WsMan;

namespace HyperVDash.Agent.Targets;

/// <summary>Opens the door that a target names.</summary>
public static class TargetSessions
{
    public static HostCollector Collector(TargetOptions target, string epoch, TimeProvider time) =>
        new(target.Key, target.Door, target.Origin, Describe(target), () => Open(target, time), target.Intervals, epoch, time);

    /// <exception cref="NotSupportedException">The door does not exist on this system.</exception>
    public static ICimSession Open(TargetOptions target, TimeProvider time) => new WsManSession(WsMan(target), time);

    public static WsManTarget WsMan(TargetOptions target) => new(target.Url!)
    {
        User = target.User,
        Password = target.Password ?? Password(target),
        AllowBasicOverHttp = target.AllowBasicOverHttp,
        CertificateThumbprint = target.CertificateThumbprint,
        AcceptAnyCertificate = target.AcceptAnyCertificate,
    };

    private static string? Password(TargetOptions target) =>
        target.PasswordFile is { } file ? File.ReadLines(file).FirstOrDefault()
        : target.PasswordEnv is { } name ? Environment.GetEnvironmentVariable(name) : null;

    private static string Describe(TargetOptions target) => target.Url?.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) ?? target.Computer ?? ".";
}
