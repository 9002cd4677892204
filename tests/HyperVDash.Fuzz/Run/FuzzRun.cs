using System.Diagnostics;
using HyperVDash.Fuzz.Coverage;
using HyperVDash.Fuzz.Mutation;
using HyperVDash.Fuzz.Targets;

namespace HyperVDash.Fuzz.Run;

/// <summary>Gives a target its inputs, one after the other on one thread; what reaches new code is kept to be changed further.</summary>
internal sealed class FuzzRun(FuzzTarget target, FuzzSettings settings, InstrumentedCode? code, InputInHand? inHand)
{
    private const int MaxCorpus = 5000;

    private readonly FuzzReport _report = new(target.Name);

    public async Task<FuzzReport> RunAsync(Action<FuzzReport> progress, CancellationToken cancellationToken)
    {
        var seeds = await target.SeedsAsync(cancellationToken).ConfigureAwait(false);
        if (seeds.Count == 0)
        {
            throw new InvalidOperationException($"There are no seeds for {target.Name}: the Lab answered nothing that it reads.");
        }

        // Recording seeds and making them runs the same code.
        BlockMap.Clear();
        var corpus = new List<byte[]>(seeds);
        var mutator = new Mutator(target.Grammar, new Random(settings.Seed));
        long start = Stopwatch.GetTimestamp();
        for (long i = 0; i < settings.Count && _report.Finds.Count < settings.MaxFinds; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            byte[] input = i < seeds.Count ? seeds[(int)i] : mutator.Mutate(corpus);
            BlockMap.Begin();
            bool isNew = Try(input) && BlockMap.IsNew && i >= seeds.Count;
            if (isNew && corpus.Count < MaxCorpus)
            {
                corpus.Add(input);
            }

            if (i % 50_000 == 49_999)
            {
                progress(_report);
            }
        }

        _report.Corpus = corpus.Count;
        _report.Took = Stopwatch.GetElapsedTime(start);
        _report.Coverage = code?.Count(target.Code);
        return _report;
    }

    private bool Try(byte[] input)
    {
        inHand?.Take(input);
        var trial = Trial.Of(target, input, settings);
        inHand?.Drop();
        _report.Inputs++;
        if (trial.Harm is { } harm)
        {
            Keep(harm.Signature, harm.What, input);
            return false;
        }

        _report.Outcomes[trial.Outcome!] = _report.Outcomes.GetValueOrDefault(trial.Outcome!) + 1;
        _report.MaxBytes = Math.Max(_report.MaxBytes, trial.Bytes);
        if (input.Length >= 1024)
        {
            _report.MaxBytesPerByte = Math.Max(_report.MaxBytesPerByte, (double)trial.Bytes / input.Length);
        }

        if (trial.Took > _report.Slowest)
        {
            (_report.Slowest, _report.SlowestLength) = (trial.Took, input.Length);
        }

        return true;
    }

    private void Keep(string signature, string what, byte[] input)
    {
        if (_report.Finds.Any(f => f.Signature == signature))
        {
            _report.Outcomes["did harm"] = _report.Outcomes.GetValueOrDefault("did harm") + 1;
            return;
        }

        var find = new Find(target.Name, signature, what, Minimiser.Minimise(target, input, signature, settings));
        _report.Finds.Add(find);
        if (settings.Folder is { } folder)
        {
            Directory.CreateDirectory(folder);
            string name = Path.Combine(folder, $"{target.Name}-{_report.Finds.Count}");
            File.WriteAllBytes(name + ".input", find.Input);
            File.WriteAllText(name + ".txt", $"{signature}\n{what}\n");
        }
    }
}
