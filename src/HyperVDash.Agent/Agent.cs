namespace HyperVDash.Agent; /// <summary>x</summary>
public static class Agent { public static Task<int> Main(string[] args) => Task.FromResult(args.Length); }
