using System.CommandLine;
using HyperVDash.Agent.Collect;
using HyperVDash.Agent.Collect.Dns;
using HyperVDash.Agent.Serve;
using HyperVDash.Agent.Settings;
using HyperVDash.Agent.Targets;
using HyperVDash.Cim.Capture;
using HyperVDash.Lab.Faults;
using HyperVDash.Lab.Scenarios;
using HyperVDash.Lab.Scenarios.Description;
using HyperVDash.Lab.WsMan;
using HyperVDash.Model.Fleet;
using HyperVDash.Rules.Engine;

namespace HyperVDash.Agent.Commands;

/// <summary>Where a command's hosts come from: one host by its address, capture files, or a lab.</summary>
internal sealed class SourceOptions
{
    public Option<string?> Host { get; } = new("--host") { Description = "Address of a host's WinRM, e.g. https://hv01:5986/wsman." };

    public Option<string?> User { get; } = new("--user") { Description = "Account to sign in with." };

    public Option<string?> PasswordEnv { get; } = new("--password-env") { Description = "Environment variable that holds its password." };

    public Option<string?> SignIn { get; } = new("--sign-in") { Description = "basic, kerberos, ntlm or certificate; without it, what fits the user." };

    public Option<string?> Keytab { get; } = new("--keytab") { Description = "The user's Kerberos key file, instead of a password." };

    public Option<string?> Certificate { get; } = new("--client-certificate") { Description = "PFX or PEM file to sign in with." };

    public Option<string?> Authority { get; } = new("--certificate-authority") { Description = "PEM file with the issuers to believe." };

    public Option<string?> Thumbprint { get; } = new("--thumbprint") { Description = "SHA-256 thumbprint of the certificate to accept." };

    public Option<string[]> Capture { get; } = new("--capture") { Description = "A capture file, or a folder of them; may be repeated.", AllowMultipleArgumentsPerToken = true };

    public Option<string?> Lab { get; } = new("--lab") { Description = $"A lab instead of real hosts: {string.Join(", ", LabScenarios.Names)}." };

    public Option<bool> Frozen { get; } = new("--lab-frozen") { Description = "Nothing in the lab changes by itself." };

    public Option<string[]> Faults { get; } = new("--lab-fault") { Description = LabFault.Help, AllowMultipleArgumentsPerToken = true };

    public Option<string?> Language { get; } = new("--lab-language") { Description = $"Language in which the lab's hosts write what Windows translates: {string.Join(", ", LabWords.ByLanguage.Keys)}." };

    public Option<string[]> Only { get; } = new("--only") { Description = "Names of the hosts to take of them; all without it.", AllowMultipleArgumentsPerToken = true };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[Host, User, PasswordEnv, SignIn, Keytab, Certificate, Authority, Thumbprint, Capture, Lab, Frozen, Faults, Language, Only])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>True if the command line names hosts at all.</summary>
    public bool IsGiven(ParseResult parsed) => parsed.GetValue(Host) is not null || parsed.GetValue(Lab) is not null || parsed.GetValue(Capture) is { Length: > 0 };

    /// <summary>The targets, and the lab that answers for them if there is one.</summary>
    /// <exception cref="FormatException">The options contradict each other; the message says how.</exception>
    public async Task<Source> OpenAsync(ParseResult parsed, TimeProvider time, CancellationToken cancellationToken)
    {
        string? host = parsed.GetValue(Host);
        string? lab = parsed.GetValue(Lab);
        string[] captures = parsed.GetValue(Capture) ?? [];
        if ((host is null ? 0 : 1) + (lab is null ? 0 : 1) + (captures.Length == 0 ? 0 : 1) != 1)
        {
            throw new FormatException("Say which hosts: either --host URL, or --capture FILE, or --lab NAME.");
        }

        var source = host is not null ? OfHost(host, parsed)
            : lab is null ? new Source([.. captures.SelectMany(OfCapture)], new RuleSettings(), null)
            : await LabTargets.StartAsync(lab, parsed.GetValue(Frozen), parsed.GetValue(Faults) ?? [], 0, time, cancellationToken, parsed.GetValue(Language)).ConfigureAwait(false);
        return await TakeAsync(source, parsed).ConfigureAwait(false);
    }

    /// <summary>The hosts of the command line if it names any, else those of the settings that can be asked.</summary>
    /// <param name="settings">Path of the settings file; null is the one beside the program, which may be missing.</param>
    /// <exception cref="FormatException">The options contradict each other, or there is no host; the message says how.</exception>
    /// <exception cref="InvalidOperationException">The settings are wrong; the message lists every mistake.</exception>
    public async Task<Source> OpenAsync(ParseResult parsed, string? settings, TimeProvider time, CancellationToken cancellationToken)
    {
        if (IsGiven(parsed))
        {
            return await OpenAsync(parsed, time, cancellationToken).ConfigureAwait(false);
        }

        var reader = new SettingsReader(SettingsFile.Open(settings));
        var options = reader.Read<AgentOptions>("Agent");
        var mistakes = reader.With(options.Mistakes());
        if (mistakes.Count > 0)
        {
            throw new InvalidOperationException(string.Join(Environment.NewLine, mistakes));
        }

        List<TargetOptions> targets = [.. options.Targets.Where(t => t.Door != "capture")];
        if (options.Targets.Count == 0 && LocalHyperV.Here.HasRole)
        {
            targets.Add(LocalHyperV.Here.Target);
        }

        return targets.Count == 0
            ? throw new FormatException("Say which hosts: either --host URL, or --capture FILE, or --lab NAME; or name them in Agent:Targets of the settings, which hold none that can be asked.")
            : await TakeAsync(new Source(targets, new RuleSettings(), null), parsed).ConfigureAwait(false);
    }

    private async Task<Source> TakeAsync(Source source, ParseResult parsed)
    {
        string[] only = parsed.GetValue(Only) ?? [];
        string? missing = only.FirstOrDefault(n => !source.Targets.Any(t => t.Key.Equals(n, StringComparison.OrdinalIgnoreCase)));
        if (missing is not null)
        {
            string known = string.Join(", ", source.Targets.Select(t => t.Key));
            await source.DisposeAsync().ConfigureAwait(false);
            throw new FormatException($"--only '{missing}' names no host; there are {known}.");
        }

        return only.Length == 0 ? source : source with { Targets = [.. source.Targets.Where(t => only.Contains(t.Key, StringComparer.OrdinalIgnoreCase))] };
    }

    private Source OfHost(string host, ParseResult parsed)
    {
        var url = Uri.TryCreate(host, UriKind.Absolute, out var parsedUrl) ? parsedUrl : throw new FormatException($"--host '{AddressText.Shown(host)}' is no address; write e.g. https://hv01:5986/wsman.");
        string? user = parsed.GetValue(User), variable = parsed.GetValue(PasswordEnv);
        bool isPassword = parsed.GetValue(Keytab) is null && parsed.GetValue(Certificate) is null && user?.Contains('@', StringComparison.Ordinal) != true;
        if (isPassword && (user is null) != (variable is null))
        {
            throw new FormatException("--user and --password-env belong together: the account, and the environment variable that holds its password.");
        }

        if (variable is not null && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable)))
        {
            throw new FormatException("--password-env names no environment variable that holds anything. Write the variable's name and set it first; a password on the command line would be seen by others.");
        }

        var target = new TargetOptions
        {
            Key = url.Host,
            Url = url,
            User = user,
            PasswordEnv = variable,
            SignIn = parsed.GetValue(SignIn),
            Keytab = parsed.GetValue(Keytab),
            ClientCertificate = parsed.GetValue(Certificate),
            CertificateAuthority = parsed.GetValue(Authority),
            CertificateThumbprint = parsed.GetValue(Thumbprint),
        };
        return target.Mistakes("--host").FirstOrDefault() is { } mistake ? throw new FormatException(mistake) : new Source([target], new RuleSettings(), null);
    }

    private static IEnumerable<TargetOptions> OfCapture(string path)
    {
        string[] files = Directory.Exists(path) ? [.. Directory.EnumerateFiles(path).Where(IsCapture).Order(StringComparer.OrdinalIgnoreCase)] : [path];
        if (files.Length == 0)
        {
            throw new FormatException($"--capture '{path}' is a folder without a .json or .json.gz file.");
        }

        foreach (string name in files)
        {
            yield return new TargetOptions { Key = HostOf(name), Door = "capture", File = name };
        }
    }

    /// <summary>The host whose capture it is; of a damaged file its own name, because then the host is one that cannot be read, beside others that can.</summary>
    private static string HostOf(string file)
    {
        try
        {
            return CaptureFile.ReadHeader(file).Host;
        }
        catch (Exception damaged) when (damaged is CaptureException or IOException or UnauthorizedAccessException && File.Exists(file))
        {
            return Path.GetFileName(file).Split('.')[0];
        }
    }

    private static bool IsCapture(string file) =>
        file.EndsWith(".json", StringComparison.OrdinalIgnoreCase) || file.EndsWith(".json.gz", StringComparison.OrdinalIgnoreCase);
}

/// <summary>Hosts to read, and what has to be closed after.</summary>
public sealed record Source(IReadOnlyList<TargetOptions> Targets, RuleSettings Rules, LabTargets? Lab) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Lab?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>A lab that runs in this process and is read over the real protocol.</summary>
public sealed class LabTargets : IAsyncDisposable
{
    private LabTargets(LabServer server) => Server = server;

    public LabServer Server { get; }

    /// <param name="language">Tag of the language in which every host writes; null: as the lab has it.</param>
    /// <exception cref="ArgumentException">No such lab, or no such language.</exception>
    /// <exception cref="FormatException">No such fault, or none of a host of the lab.</exception>
    public static async Task<Source> StartAsync(
        string name, bool frozen, IEnumerable<string> faults, int port, TimeProvider time, CancellationToken cancellationToken, string? language = null)
    {
        var scenario = language is null ? LabScenarios.Build(name, time, frozen) : LabScenarios.Build(name, LabScenarios.Words(language), time, frozen);
        var server = await LabServer.StartAsync(scenario.Hosts, new LabServerOptions { Port = port }, time, cancellationToken).ConfigureAwait(false);
        try
        {
            server.Faults.Set(faults, [.. server.Addresses.Select(a => a.Host)]);
        }
        catch (FormatException)
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        var lab = new LabTargets(server);
        var intervals = OptionsOf(scenario.Description);
        return new Source(
            [.. server.Addresses.Select(a => new TargetOptions { Key = a.Host, Url = a.Url, Place = $"{a.Host} (lab)", User = "lab", Password = "lab", Origin = Origin.Lab, Intervals = intervals })],
            new RuleSettings { Tags = new RuleSettings().Tags.SetItems(scenario.Tags) },
            lab);
    }

    /// <summary>What the settings would say of the lab: its print farms, and who answers for its names.</summary>
    internal static CollectorOptions OptionsOf(LabDescription lab) => new()
    {
        Names = new LabNames(lab),
        PrintFarms = [.. lab.PrintFarms.Select(f => new PrintFarmOptions { ClusterName = f.ClusterName, OldNames = f.OldNames, Hosts = f.Hosts })],
    };

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync().ConfigureAwait(false);
    }
}
