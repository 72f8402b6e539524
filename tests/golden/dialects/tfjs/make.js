// Makes the files beside it from the npm package @tensorflow/tfjs 4.22.0: `npm install @tensorflow/tfjs@4.22.0 && node make.js`.
const fs = require('fs');
const tf = require('@tensorflow/tfjs');

// What a layer cannot be made without.
const needs = {
  activation: {activation: 'relu'}, alphaDropout: {rate: 0.5}, dropout: {rate: 0.5}, gaussianDropout: {rate: 0.5},
  gaussianNoise: {stddev: 1}, spatialDropout1d: {rate: 0.5}, categoryEncoding: {numTokens: 4},
  centerCrop: {height: 2, width: 2}, conv1d: {filters: 1, kernelSize: 1}, conv2d: {filters: 1, kernelSize: 1},
  conv2dTranspose: {filters: 1, kernelSize: 1}, conv3d: {filters: 1, kernelSize: 1},
  conv3dTranspose: {filters: 1, kernelSize: 1}, convLstm2d: {filters: 1, kernelSize: 1},
  cropping2D: {cropping: [[1, 1], [1, 1]]}, dense: {units: 1}, depthwiseConv2d: {kernelSize: 1}, dot: {axes: 1},
  embedding: {inputDim: 2, outputDim: 2}, gru: {units: 1}, lstm: {units: 1}, simpleRNN: {units: 1},
  permute: {dims: [1]}, repeatVector: {n: 1}, rescaling: {scale: 1}, reshape: {targetShape: [1]},
  resizing: {height: 1, width: 1}, separableConv2d: {filters: 1, kernelSize: 1}, inputLayer: {inputShape: [1]}};
const notOfTraining = key => !/(Initializer|Regularizer|Constraint)$|^(name|trainable|batchInputShape|inputShape)$/.test(key);
const snake = text => text.replace(/[A-Z]/g, letter => '_' + letter.toLowerCase());
const python = config => Object.fromEntries(Object.entries(config).filter(([key]) => notOfTraining(key))
    .map(([key, value]) => [snake(key), typeof value === 'string' ? snake(value) : value]));

const defaults = new Map();
for (const name of Object.keys(tf.layers)) {
  if (/^(Layer|RNN|rnn|RNNCell|.*Cell|.*Cells|input|bidirectional|timeDistributed|randomWidth)$/.test(name)) continue;
  const layer = tf.layers[name]({...needs[name]});
  defaults.set(layer.getClassName(), {given: python(needs[name] || {}), config: python(layer.getConfig())});
}
fs.writeFileSync('defaults.jsonl', [...defaults.keys()].sort()
    .map(name => JSON.stringify({class_name: name, ...defaults.get(name)})).join('\n') + '\n');

const lines = [];
let state = 1;
const random = () => { state = state * 48271 % 2147483647; return Math.round((state / 2147483647 - 0.5) * 2000) / 1000; };
const digits = values => Array.from(values, value => Number(value.toPrecision(7)));
function record(make, shape) {
  const model = tf.sequential({layers: [make(shape.slice(1))]});
  const weights = model.layers[0].getWeights().map(w => tf.tensor(Array.from({length: w.size}, random), w.shape));
  model.layers[0].setWeights(weights);
  const names = model.layers[0].weights.map(weight => weight.originalName.split('/').pop());
  const input = Array.from({length: shape.reduce((a, b) => a * b)}, () => Math.round(random() * 3000) / 1000);
  const output = model.predict(tf.tensor(input, shape));
  const text = JSON.stringify(model.toJSON(null, false), (key, value) => /_(initializer|regularizer|constraint)$/.test(key) ? undefined : value);
  lines.push(JSON.stringify({
    model: JSON.parse(text),
    weights: weights.map((w, i) => ({name: names[i], shape: w.shape, values: digits(w.dataSync())})),
    input: {shape, values: input}, output: {shape: output.shape, values: digits(output.dataSync())}}));
}
for (const activation of ['elu', 'selu', 'relu', 'relu6', 'linear', 'sigmoid', 'hardSigmoid', 'softplus', 'softsign',
                          'tanh', 'softmax', 'logSoftmax', 'swish', 'mish', 'gelu', 'gelu_new'])
  record(inputShape => tf.layers.activation({name: 'x', activation, inputShape}), [2, 8]);
for (const kind of ['elu', 'leakyReLU', 'reLU', 'thresholdedReLU', 'softmax', 'prelu'])
  record(inputShape => tf.layers[kind]({name: 'x', inputShape}), [2, 8]);
for (const kind of ['simpleRNN', 'gru', 'lstm']) {
  for (const returnSequences of [false, true])
    record(inputShape => tf.layers[kind]({name: 'x', units: 3, inputShape, returnSequences}), [1, 4, 2]);
  record(inputShape => tf.layers[kind]({name: 'x', units: 3, inputShape, activation: 'relu', useBias: false, goBackwards: true}), [1, 4, 2]);
  record(inputShape => tf.layers[kind]({name: 'x', units: 3, inputShape, recurrentActivation: 'sigmoid'}), [1, 4, 2]);
}
record(inputShape => tf.layers.convLstm2d({name: 'x', filters: 2, kernelSize: 2, inputShape}), [1, 2, 3, 3, 1]);
record(inputShape => tf.layers.convLstm2d({name: 'x', filters: 2, kernelSize: 3, padding: 'same', returnSequences: true, inputShape}), [1, 2, 3, 3, 1]);
fs.writeFileSync('numbers.jsonl', lines.join('\n') + '\n');
