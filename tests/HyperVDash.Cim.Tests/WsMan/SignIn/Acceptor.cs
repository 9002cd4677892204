using System.Text.Json;
using HyperVDash.Cim.WsMan;

namespace HyperVDash.Cim.Tests.WsMan.SignIn;

/// <summary>A host's sign-in by code that is not ours (acceptor.py), in front of a host on paper or in a lab.</summary>
internal sealed class Acceptor : IAsyncDisposable
{
    private readonly Tool _tool;

    private Acceptor(Tool tool, Uri url) => (_tool, Url) = (tool, url);

    public Uri Url { get; }

    /// <summary>What happened, e.g. <c>signed-in</c>, <c>envelope</c>.</summary>
    public IReadOnlyList<JsonElement> Events => [.. _tool.Lines.Skip(1).Where(l => l.StartsWith('{')).Select(l => JsonDocument.Parse(l).RootElement)];

    /// <summary>Their names, in order.</summary>
    public IReadOnlyList<string> Story => [.. Events.Select(e => e.GetProperty("event").GetString()!)];

    public static async Task<Acceptor> StartAsync(Realm realm, Uri forward, IEnumerable<string>? options = null, string? clock = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "WsMan", "SignIn", "acceptor.py");
        var all = new Dictionary<string, string>(realm.Environment) { ["PYTHONUNBUFFERED"] = "1" };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            all[name] = value;
        }

        string[] command = [Tool.Find("python3")!, script, "--forward", forward.AbsoluteUri, .. options ?? []];
        var tool = clock is null ? Tool.Start(command[0], command[1..], all) : Tool.Start("faketime", ["-f", clock, .. command], all);
        string first = await tool.FirstLine;
        Assert.True(int.TryParse(first, out int port), string.Join('\n', tool.Lines));
        return new Acceptor(tool, new Uri($"{(command.Contains("--tls") ? "https" : "http")}://localhost:{port}/wsman"));
    }

    public WsManTarget As(string user, string password = Realm.Password) => new(Url) { User = user, Password = password };

    public ValueTask DisposeAsync()
    {
        // Shown with a test that failed.
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', _tool.Lines));
        return _tool.DisposeAsync();
    }
}
