using HyperVDash.Fuzz.Run;
using HyperVDash.Fuzz.Targets;

namespace HyperVDash.Agent.Tests;

/// <summary>A short run of every target with the same inputs each time; <c>tests/HyperVDash.Fuzz</c> goes on for as long as it is told.</summary>
public sealed class FuzzTests
{
    private static readonly string Regressions = Path.Combine(AppContext.BaseDirectory, "Regressions");

    public static TheoryData<string> Targets => [.. FuzzTargets.All.Select(t => t.Name)];

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Regressions, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Regressions, f)).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Targets))]
    public async Task Nothing_that_a_stranger_sends_does_harm(string name)
    {
        // A capture takes a file each.
        int count = name == "captures" ? 1000 : 4000;
        var report = await new FuzzRun(FuzzTargets.Get(name), new FuzzSettings(count, 20261124) { MaxFinds = 3 }, null, null).RunAsync(_ => { }, TestContext.Current.CancellationToken);

        Assert.True(report.Finds.Count == 0, string.Join('\n', report.Finds.Select(f => $"{f.Signature}: {f.What}\n{Convert.ToBase64String(f.Input)}")));
        Assert.Equal(count, report.Inputs);
        Assert.True(report.Accepted > count / 20, $"only {report.Accepted} of {report.Inputs} inputs were read: the mutations are too wild to get past the parser");
    }

    [Theory, MemberData(nameof(Files))]
    public void An_input_that_once_did_harm_does_none(string file)
    {
        var target = FuzzTargets.Get(Path.GetDirectoryName(file)!);
        var trial = Trial.Of(target, File.ReadAllBytes(Path.Combine(Regressions, file)), new FuzzSettings(1, 1));

        Assert.Null(trial.Harm?.What);
    }

    /// <summary>The watch itself sees what it is there for.</summary>
    [Theory]
    [InlineData("throw", "InvalidOperationException")]
    [InlineData("waste", "allocates")]
    [InlineData("fine", null)]
    public void Harm_is_seen_and_its_input_made_small(string word, string? signature)
    {
        var settings = new FuzzSettings(1, 1);
        byte[] input = System.Text.Encoding.UTF8.GetBytes($"some text, {word}, and more of it");
        var target = new ClumsyTarget();
        var harm = Trial.Of(target, input, settings).Harm;

        Assert.Equal(signature, harm?.Signature.Split(' ')[0]);
        if (harm is { } found)
        {
            Assert.Equal(word, System.Text.Encoding.UTF8.GetString(Minimiser.Minimise(target, input, found.Signature, settings)));
        }
    }

    private sealed class ClumsyTarget : FuzzTarget
    {
        public override string Name => "clumsy";

        public override Grammar Grammar => Grammar.Path;

        public override long FixedCost => 10_000;

        public override IReadOnlyList<string> Code => [];

        public override Task<IReadOnlyList<byte[]>> SeedsAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<byte[]>>([[0]]);

        public override string Read(ReadOnlySpan<byte> input)
        {
            string text = System.Text.Encoding.UTF8.GetString(input);
            return text.Contains("throw", StringComparison.Ordinal) ? throw new InvalidOperationException("harm")
                : text.Contains("waste", StringComparison.Ordinal) ? new string('x', 100_000)[..8]
                : "accepted";
        }
    }
}
